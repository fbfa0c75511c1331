import type { Header } from './types.ts';

/** Every value of a header, in order; names compare without case. */
export function headerValues(headers: readonly Header[], name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (const [key, value] of headers) {
    if (key.length === wanted.length && key.toLowerCase() === wanted) values.push(value);
  }
  return values;
}

/** The first value of a header, or undefined. */
export function headerValue(headers: readonly Header[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of headers) {
    if (key.length === wanted.length && key.toLowerCase() === wanted) return value;
  }
  return undefined;
}

export function withoutHeader(headers: readonly Header[], name: string): Header[] {
  const unwanted = name.toLowerCase();
  return headers.filter(([key]) => key.toLowerCase() !== unwanted);
}

/** Puts the header where its first namesake was (other namesakes go), or at the end. */
export function withHeader(headers: readonly Header[], name: string, value: string): Header[] {
  const wanted = name.toLowerCase();
  const at = headers.findIndex(([key]) => key.toLowerCase() === wanted);
  if (at === -1) return [...headers, [name, value]];
  return headers.flatMap<Header>((header, i) =>
    i === at ? [[name, value]] : header[0].toLowerCase() === wanted ? [] : [header],
  );
}

/** Node's flat `[name, value, name, value …]` as pairs. */
export function pairHeaders(flat: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    headers.push([flat[i] as string, flat[i + 1] as string]);
  }
  return headers;
}

// RFC 9110 section 7.6.1, the older names still met in the wild, and what belongs to one hop only.
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Headers that may travel on to the next hop: hop-by-hop ones, those that `Connection` names,
 * and Content-Length (each hop frames its own message) are left out.
 */
export function endToEnd(headers: readonly Header[]): Header[] {
  let named: Set<string> | undefined;
  for (const value of headerValues(headers, 'connection')) {
    for (const token of value.split(',')) {
      named ??= new Set();
      named.add(token.trim().toLowerCase());
    }
  }
  return headers.filter(([name]) => {
    const key = name.toLowerCase();
    return key !== 'content-length' && !HOP_BY_HOP.has(key) && !named?.has(key);
  });
}
