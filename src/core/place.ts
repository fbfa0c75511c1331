import { HookcliError } from './errors.ts';
import { headerValue, withHeader, withoutHeader } from './headers.ts';
import { getPath, parsePath, setPath, unsetPath } from './json-path.ts';
import type { Place, RawRequest } from './types.ts';

export const inHeader = (name: string): Place => ({ in: 'header', name });
export const inJson = (path: string): Place => ({ in: 'json', name: path });
export const inForm = (name: string): Place => ({ in: 'form', name });
export const inQuery = (name: string): Place => ({ in: 'query', name });

/** The media type of a request without its parameters, lower case; '' when none is given. */
export function mediaType(request: RawRequest): string {
  const value = headerValue(request.headers, 'content-type') ?? '';
  return (value.split(';', 1)[0] as string).trim().toLowerCase();
}

export const isForm = (request: RawRequest): boolean =>
  mediaType(request) === 'application/x-www-form-urlencoded';

const textOf = (body: Uint8Array): string =>
  Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');

/**
 * What the body means: its JSON, or the JSON in the form field `payload` (as GitHub and Slack send
 * it). Undefined when it is neither. Only ever read; what is passed on are the bytes.
 */
export function payloadOf(request: RawRequest): unknown {
  let text: string | null = textOf(request.body);
  if (isForm(request)) text = new URLSearchParams(text).get('payload');
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Never by way of `URL`, which refuses targets such as `//` that a stranger may well ask for. */
function queryOf(url: string): URLSearchParams {
  const [beforeFragment = ''] = url.split('#', 1);
  const at = beforeFragment.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : beforeFragment.slice(at + 1));
}

/** Reads places of one request; its payload is parsed once, and only when a place lies in it. */
export function placeReader(request: RawRequest): (place: Place) => string | undefined {
  let payload: { readonly value: unknown } | undefined;
  return (place) => {
    switch (place.in) {
      case 'header':
        return headerValue(request.headers, place.name);
      case 'query':
        return queryOf(request.url).get(place.name) ?? undefined;
      case 'form':
        if (!isForm(request)) return undefined;
        return new URLSearchParams(textOf(request.body)).get(place.name) ?? undefined;
      case 'json':
        payload ??= { value: payloadOf(request) };
        return textAt(payload.value, place.name);
    }
  };
}

/** The text at a place of a request, or undefined. Numbers and booleans of a payload count as text. */
export const readPlace = (request: RawRequest, place: Place): string | undefined =>
  placeReader(request)(place);

/** The paths of places are few, and the same for every event. */
const paths = new Map<string, string[]>();

function textAt(payload: unknown, path: string): string | undefined {
  let steps = paths.get(path);
  if (steps === undefined) {
    steps = parsePath(path);
    paths.set(path, steps);
  }
  const value = getPath(payload, steps);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/**
 * The request with the text put at a header place. The other places lie in signed bytes and are
 * written when the body is rendered.
 */
export function writeHeaderPlace(
  request: RawRequest,
  place: Place | undefined,
  value: string,
): RawRequest {
  if (place?.in !== 'header') return request;
  return { ...request, headers: withHeader(request.headers, place.name, value) };
}

/**
 * The request with the value put at the place, or with nothing there when it is undefined. Where
 * the value is there already not a byte changes; otherwise a JSON body is written anew, compact.
 *
 * @throws HookcliError `bad-json` for a place in a body that is not JSON
 */
export function writePlace(
  request: RawRequest,
  { in: where, name }: Place,
  value: string | number | undefined,
): RawRequest {
  switch (where) {
    case 'header': {
      const { headers } = request;
      if (value === undefined) return { ...request, headers: withoutHeader(headers, name) };
      return { ...request, headers: withHeader(headers, name, String(value)) };
    }
    case 'form': {
      const body = Buffer.from(writeField(textOf(request.body), name, value), 'utf8');
      return { ...request, body };
    }
    case 'query': {
      const [beforeQuery = '', query = ''] = request.url.split(/\?(.*)/s, 2);
      const written = writeField(query, name, value);
      return { ...request, url: written === '' ? beforeQuery : `${beforeQuery}?${written}` };
    }
    case 'json':
      return { ...request, body: writeJson(request, name, value) };
  }
}

function writeJson(request: RawRequest, name: string, value: string | number | undefined) {
  const payload = isForm(request) ? undefined : payloadOf(request);
  if (payload === undefined) {
    throw new HookcliError('bad-json', `The body is not JSON, so it has no place for ${name}.`, {
      hint: 'Give a JSON object: the provider keeps part of its proof there.',
    });
  }
  const path = parsePath(name);
  if (getPath(payload, path) === value) return request.body;
  if (value === undefined) unsetPath(payload, path);
  else setPath(payload, path, value);
  return Buffer.from(JSON.stringify(payload), 'utf8');
}

/** Only the field itself is written; the others keep the spelling they have. */
function writeField(fields: string, name: string, value: string | number | undefined): string {
  const written = value === undefined ? [] : [`${new URLSearchParams([[name, String(value)]])}`];
  const kept: string[] = [];
  for (const field of fields === '' ? [] : fields.split('&')) {
    const isIt = new URLSearchParams(field).has(name);
    const put = isIt ? written.shift() : field;
    if (put !== undefined) kept.push(put);
  }
  return [...kept, ...written].join('&');
}
