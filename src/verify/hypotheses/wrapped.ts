import type { OtherBody } from './hypothesis.ts';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const DATA_URL = /^data:[^,]{0,200};base64,/;

/** Bodies put into another form as a whole: base64, a JSON text, a Buffer or an event written as JSON. */
export function* bodyWrapped(text: string): Generator<OtherBody> {
  const wrapped = (body: Uint8Array, became: string): OtherBody => ({
    cause: 'body-wrapped',
    body,
    detail: `The signature fits the body inside: it came ${became}.`,
  });
  const bare = text.trim();
  const base64 = bare.replace(DATA_URL, '');
  if (BASE64.test(base64)) {
    const hint =
      'Decode it before you verify; AWS Lambda says so in event.isBase64Encoded, others in a header.';
    yield { ...wrapped(Buffer.from(base64, 'base64'), 'in base64'), hint };
  }
  if (bare.startsWith('"')) {
    const inside = parsed(bare);
    if (typeof inside === 'string') {
      yield wrapped(Buffer.from(inside), 'as a JSON text, serialised a second time');
    }
  }
  // Only these two; to parse every body would take longer than all else.
  if (/^\{\s*"type"\s*:\s*"Buffer"/.test(bare)) {
    const data = (parsed(bare) as { data?: unknown } | undefined)?.data;
    if (Array.isArray(data) && data.every(Number.isInteger))
      yield wrapped(Uint8Array.from(data), 'as a Buffer written as JSON');
  } else if (/"isBase64Encoded"\s*:/.test(bare)) {
    const event = parsed(bare) as { body?: unknown; isBase64Encoded?: unknown } | undefined;
    if (typeof event?.body === 'string') {
      const body = Buffer.from(event.body, event.isBase64Encoded === true ? 'base64' : 'utf8');
      yield wrapped(body, 'as the whole AWS Lambda event');
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
