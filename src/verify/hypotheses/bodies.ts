import { isUtf8 } from 'node:buffer';
import { bodyInOtherCharset } from './charsets.ts';
import { bodyCompressed } from './compressions.ts';
import type { Case, Hypothesis, OtherBody } from './hypothesis.ts';
import { bodyReserialised } from './reserialised.ts';
import { bodyWrapped } from './wrapped.ts';

/** Bodies larger than this are not parsed. */
const MOST_PARSED = 2 * 1_024 ** 2;

/** Bodies that may have become the one that came, the slightest change first. */
export function* bodyHypotheses(it: Case): Generator<Hypothesis> {
  const { request } = it;
  if (request.body.length === 0) return;
  const tried: Uint8Array[] = [request.body];
  for (const { cause, body, detail, hint } of otherBodies(it)) {
    // Most texts look the same in several styles; once is enough.
    if (body.length === 0 || tried.some((one) => Buffer.compare(one, body) === 0)) continue;
    tried.push(body);
    const change = { request: { ...request, body } };
    yield { cause, detail, hint: hint ?? rawBodyHint(it), change };
  }
}

function* otherBodies({ request, provider }: Case): Generator<OtherBody> {
  const bytes = Buffer.from(request.body);
  yield* edges(bytes);
  yield* bodyCompressed(request, bytes);
  if (bytes.length > MOST_PARSED) return;
  yield* lineEndings(bytes);
  yield* bodyInOtherCharset(bytes);
  if (!isUtf8(bytes)) return;
  const text = bytes.toString('utf8');
  yield* bodyWrapped(text);
  yield* bodyReserialised(request, provider, text);
}

/** How to hand over the bytes as they came; the other frameworks are a command away. */
export function rawBodyHint({ options: { capturedAs } }: Case): string {
  const others =
    capturedAs === undefined ? '' : ` Other frameworks: hookcli verify --event ${capturedAs}`;
  return `Verify the bytes as they came, before any parser; in Express: express.raw({ type: 'application/json' }) on this route, before express.json().${others}`;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

function* edges(bytes: Buffer): Generator<OtherBody> {
  const newline = (body: Uint8Array, became: string): OtherBody => ({
    cause: 'body-newline',
    body,
    detail: `The signature fits the body ${became}.`,
    hint: "Send and verify exactly the same bytes: an editor, echo, heredocs and some encoders end a text with a line break; use printf '%s' and curl --data-binary.",
  });
  if (bytes.at(-1) === 0x0a) {
    const end = bytes.at(-2) === 0x0d ? -2 : -1;
    yield newline(bytes.subarray(0, end), 'without the line break at its end: one was added');
  }
  const lost = 'with a line break at its end: it was lost on the way';
  yield newline(Buffer.concat([bytes, Buffer.from('\n')]), lost);
  yield newline(Buffer.concat([bytes, Buffer.from('\r\n')]), lost);

  const hasBom = bytes.subarray(0, 3).equals(BOM);
  yield {
    cause: 'body-byte-order-mark',
    body: hasBom ? bytes.subarray(3) : Buffer.concat([BOM, bytes]),
    detail: hasBom
      ? 'The signature fits the body without the byte order mark (EF BB BF) in front: one was added.'
      : 'The signature fits the body with a byte order mark (EF BB BF) in front: it was lost on the way.',
  };
  const trimmed = withoutSpace(bytes);
  yield {
    cause: 'body-whitespace',
    body: trimmed,
    detail: 'The signature fits the body without the white space around it: it was added.',
  };
}

const isSpace = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function withoutSpace(bytes: Buffer): Buffer {
  let [start, end] = [0, bytes.length];
  while (start < end && isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return bytes.subarray(start, end);
}

function* lineEndings(bytes: Buffer): Generator<OtherBody> {
  if (!bytes.includes(0x0a)) return;
  const text = bytes.toString('latin1');
  const hint =
    'Look for what changes line breaks: a file in text mode, git (autocrlf), a form field, a Windows tool.';
  const unix = text.replaceAll('\r\n', '\n');
  yield {
    cause: 'body-line-endings',
    body: Buffer.from(unix, 'latin1'),
    detail: 'The signature fits the body with LF line breaks: they became CRLF on the way.',
    hint,
  };
  yield {
    cause: 'body-line-endings',
    body: Buffer.from(unix.replaceAll('\n', '\r\n'), 'latin1'),
    detail: 'The signature fits the body with CRLF line breaks: they became LF on the way.',
    hint,
  };
}
