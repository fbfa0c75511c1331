import { headerValue } from '../../core/headers.ts';
import type { RawRequest } from '../../core/types.ts';
import { publicUrl } from '../../schemes/public-url.ts';
import type { Case, Cause, Hypothesis } from './hypothesis.ts';

const WHOLE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?/is;

interface Parts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  /** With its question mark, or ''. */
  readonly query: string;
}

/** Other addresses under which the provider may know the endpoint. */
export function* urlHypotheses(it: Case): Generator<Hypothesis> {
  const { request, provider, options } = it;
  if (!provider.schemes.some(({ coversUrl }) => coversUrl)) return;
  const is = publicUrl(request, options.publicUrl);
  const match = WHOLE.exec(is);
  if (match === null) return;
  const [, scheme = '', host = '', path = '', query = ''] = match;
  const tried = new Set([is]);
  for (const [cause, what, url] of otherUrls(request, { scheme, host, path, query })) {
    if (tried.has(url)) continue;
    tried.add(url);
    yield {
      cause,
      detail: `The signature fits another URL than the one verified: ${what}.`,
      hint: HINT,
      change: { url },
    };
  }
}

const HINT =
  'Say how the provider knows it: --public-url (publicUrl in the library), or X-Forwarded-Proto and X-Forwarded-Host from the proxy.';

function* otherUrls(
  request: RawRequest,
  is: Parts,
): Generator<readonly [cause: Cause, what: string, url: string]> {
  const written = (parts: Partial<Parts>) => {
    const { scheme, host, path, query } = { ...is, ...parts };
    return `${scheme}://${host}${path}${query}`;
  };
  const { path, query } = is;
  const bare = is.host.replace(/:\d+$/, '');
  const otherScheme = is.scheme === 'https' ? 'http' : 'https';
  yield [
    'url-scheme',
    `${otherScheme}:// in place of ${is.scheme}://`,
    written({ scheme: otherScheme }),
  ];
  yield ['url-port', 'without the port', written({ host: bare })];
  for (const port of [443, 80])
    yield ['url-port', `with port ${port}`, written({ host: `${bare}:${port}` })];
  const slashed = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  const slash = path.endsWith('/') ? 'without the slash at its end' : 'with a slash at its end';
  yield ['url-path', slash, written({ path: slashed })];
  if (query !== '') {
    yield ['url-query', 'without its query', written({ query: '' })];
    yield ['url-query', 'with its query in order of names', written({ query: inOrder(query) })];
    yield ['url-query', 'with its query decoded', written({ query: decoded(query) })];
    yield ['url-query', 'with its query encoded', written({ query: encoded(query) })];
    const pairs = query.slice(1).split('&');
    if (pairs.length <= 3) {
      for (const order of orders(pairs)) {
        yield [
          'url-query',
          'with its query in another order',
          written({ query: `?${order.join('&')}` }),
        ];
      }
    }
  }
  for (const host of otherHosts(request)) {
    for (const scheme of ['https', 'http']) {
      yield ['url-host', `with the host ${host}`, written({ host, scheme })];
    }
  }
  for (const other of otherPaths(request, path)) {
    yield [
      'url-path',
      'with another path',
      other.includes('?') ? written({ path: other, query: '' }) : written({ path: other }),
    ];
  }
  // As behind a tunnel that ends TLS and says nothing of it.
  yield ['url-scheme', 'https:// and no port', written({ scheme: 'https', host: bare })];
}

/** Where proxies put the host that was asked for. */
function otherHosts({ headers }: RawRequest): string[] {
  const forwarded = headerValue(headers, 'forwarded') ?? '';
  return [
    headerValue(headers, 'host'),
    headerValue(headers, 'x-forwarded-host')?.split(',', 1)[0]?.trim(),
    headerValue(headers, 'x-original-host'),
    headerValue(headers, 'x-forwarded-server'),
    /(?:^|[;,\s])host="?([^";,\s]+)/i.exec(forwarded)?.[1],
  ].filter((host) => host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host)) as string[];
}

/** Where proxies put the path that was asked for, and what routers cut off. */
function otherPaths({ headers, url }: RawRequest, path: string): string[] {
  const named = ['x-original-url', 'x-original-uri', 'x-rewrite-url', 'x-forwarded-uri']
    .map((name) => headerValue(headers, name))
    .filter((value) => value?.startsWith('/') === true) as string[];
  const prefix = headerValue(headers, 'x-forwarded-prefix');
  if (prefix?.startsWith('/')) named.push(prefix.replace(/\/$/, '') + path);
  // A relative target is what the request itself asked for, whatever URL was given.
  const own = /^\/[^?#]*/.exec(url)?.[0];
  return [
    ...named,
    ...(own === undefined ? [] : [own]),
    path.replace(/^\/[^/]+(?=\/)/, ''),
    '/',
    '',
  ];
}

const inOrder = (query: string) => `?${query.slice(1).split('&').sort().join('&')}`;

function decoded(query: string): string {
  try {
    return decodeURIComponent(query.replaceAll('+', ' '));
  } catch {
    return query;
  }
}

/** Byte by byte, since a target is latin1 text. */
const encoded = (query: string) =>
  query.replace(
    /[^\w.~!*'()%&=?+-]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

function orders(pairs: readonly string[]): string[][] {
  if (pairs.length < 2) return [[...pairs]];
  return pairs.flatMap((first, at) =>
    orders(pairs.toSpliced(at, 1)).map((rest) => [first, ...rest]),
  );
}
