import { HookcliError } from '../core/errors.ts';
import { headerValue } from '../core/headers.ts';
import type { Header, RawRequest } from '../core/types.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Of HTTP/2 some tools show only method and target. */
const REQUEST_LINE = /^(\S+) (\/\S*|https?:\/\/\S+)(?: HTTP\/\d(?:\.\d)?)?$/i;

const HINT =
  'It holds {"method","url","headers":{…},"body" or "bodyBase64"} as JSON, or an HTTP message: a line like POST /hooks, the headers, an empty line, the body.';

const refuse = (where: string, why: string, cause?: unknown): HookcliError =>
  new HookcliError('bad-request', `${where} holds no request: ${why}.`, { hint: HINT, cause });

/**
 * The request in a file: as JSON, which is also what `--json` prints of events and of requests, or as
 * an HTTP message.
 *
 * @param where what the file is called, in errors
 * @throws HookcliError `bad-request`
 */
export function parseRequest(bytes: Buffer, where: string): RawRequest {
  const isJson = /^\s*\{/.test(
    bytes.subarray(0, 1_024).toString('latin1').replace('\xef\xbb\xbf', ''),
  );
  return isJson ? fromJson(bytes, where) : fromMessage(bytes, where);
}

function fromJson(bytes: Buffer, where: string): RawRequest {
  let members: Record<string, unknown>;
  try {
    members = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    throw refuse(where, error instanceof Error ? error.message : String(error), error);
  }
  const text = (name: string, fallback: string): string => {
    const value = members[name] ?? fallback;
    if (typeof value === 'string') return value;
    // What was parsed has lost the bytes that were signed.
    throw refuse(
      where,
      `its "${name}" is no text${name === 'body' ? ', which is needed to the byte' : ''}`,
    );
  };
  const base64 = text('bodyBase64', '');
  if (Buffer.from(base64, 'base64').toString('base64') !== base64) {
    throw refuse(where, 'its "bodyBase64" is not base64');
  }
  return {
    method: text('method', 'POST'),
    url: text('url', '/'),
    headers: headersIn(members.headers, where),
    body:
      members.bodyBase64 === undefined
        ? Buffer.from(text('body', ''))
        : Buffer.from(base64, 'base64'),
  };
}

function headersIn(value: unknown, where: string): Header[] {
  const isObject = typeof value === 'object' && value !== null;
  if (!isObject) throw refuse(where, 'it has no "headers"');
  const pairs = Array.isArray(value)
    ? value
    : Object.entries(value).flatMap(([name, values]) => [values].flat().map((one) => [name, one]));
  return pairs.map((pair: unknown): Header => {
    const [name, text] = Array.isArray(pair) ? (pair as unknown[]) : [];
    if (typeof name !== 'string' || !TOKEN.test(name) || typeof text !== 'string') {
      throw refuse(where, `${JSON.stringify(pair)?.slice(0, 80)} is not a header with its value`);
    }
    return [name, text];
  });
}

function fromMessage(bytes: Buffer, where: string): RawRequest {
  const text = bytes.toString('latin1');
  const blank = /\r?\n\r?\n/.exec(text);
  const head = blank === null ? text : text.slice(0, blank.index);
  const [first = '', ...lines] = head.split(/\r?\n/);
  const [, method = '', url = ''] = REQUEST_LINE.exec(first.trim()) ?? [];
  if (!TOKEN.test(method))
    throw refuse(where, `it begins with ${JSON.stringify(first.slice(0, 60))}`);
  const headers = lines
    .filter((line) => line !== '')
    .map((line): Header => {
      const [, name = '', value = ''] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
      if (TOKEN.test(name)) return [name, value];
      throw refuse(where, `${JSON.stringify(line.slice(0, 60))} is not a header`);
    });
  const rest = bytes.subarray(blank === null ? bytes.length : blank.index + blank[0].length);
  return { method, url, headers, body: bodyIn(rest, headers, where) };
}

/** What belongs to the message: an editor may have added a line end behind it. */
function bodyIn(rest: Buffer, headers: readonly Header[], where: string): Buffer {
  if (/\bchunked\b/i.test(headerValue(headers, 'transfer-encoding') ?? '')) {
    // Many tools show the body put together, and the header all the same.
    return unchunked(rest) ?? rest;
  }
  const length = headerValue(headers, 'content-length');
  if (length === undefined || !/^\d+$/.test(length)) return rest;
  if (rest.length >= Number(length)) return rest.subarray(0, Number(length));
  throw refuse(where, `its body has ${rest.length} bytes of the ${length} in Content-Length`);
}

/** The body in its chunks put together, or undefined when there are none. */
function unchunked(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    const [, size] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(bytes.toString('latin1', at, end)) ?? [];
    if (end === -1 || size === undefined) return undefined;
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(chunks);
    at = end + 2 + length;
    if (at + 2 > bytes.length) return undefined;
    chunks.push(bytes.subarray(end + 2, at));
    at += 2;
  }
}
