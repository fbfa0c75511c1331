import { headerValues, withHeader } from '../../core/headers.ts';
import type { Header, RawRequest } from '../../core/types.ts';
import { excerpt } from '../../schemes/verdicts.ts';
import type { Case, Explanation, Hypothesis } from './hypothesis.ts';

export const namesOf = ({ scheme }: Case): string[] =>
  scheme.carriers.flatMap(({ in: where, name }) => (where === 'header' ? [name] : []));

/** The header of the proof that is there, or else the first. */
export function proofOf(it: Case): { name: string; values: string[] } | undefined {
  const names = namesOf(it);
  const name = names.find((one) => headerValues(it.request.headers, one).length > 0) ?? names[0];
  return name === undefined ? undefined : { name, values: headerValues(it.request.headers, name) };
}

/** Headers that are there under a name somebody else has given them. */
export function* renamedHeaders(it: Case): Generator<Hypothesis> {
  const renamed = renamedIn(it);
  if (renamed === undefined) return;
  yield { ...renamed.explanation, change: { request: renamed.request } };
}

export function renamedIn(it: Case): { request: RawRequest; explanation: Explanation } | undefined {
  let { headers } = it.request;
  let found: readonly [is: string, wanted: string] | undefined;
  for (const wanted of namesOf(it)) {
    if (headerValues(headers, wanted).length > 0) continue;
    const is = headers.find(([name]) => plainName(name) === plainName(wanted))?.[0];
    if (is === undefined) continue;
    found ??= [is, wanted];
    headers = headers.map(
      ([name, value]): Header => (name === is ? [wanted, value] : [name, value]),
    );
  }
  if (found === undefined) return undefined;
  const [is, wanted] = found;
  return {
    request: { ...it.request, headers },
    explanation: {
      cause: 'header-renamed',
      detail: `The ${wanted} header is there under another name: ${excerpt(is)}.`,
      hint: 'Pass headers on under their own names; CGI and WSGI environments (HTTP_…) and some gateways rename them.',
    },
  };
}

const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^http_/, '')
    .replace(/[^a-z0-9]/g, '-')
    .replace(/^(?:x-)?(?:original|forwarded|amzn-remapped)-/, '')
    .replace(/^x-/, '');

/** A header that is there more than once, or whose values were joined into one. */
export function* doubledHeaders(it: Case): Generator<Hypothesis> {
  for (const name of namesOf(it)) {
    const values = headerValues(it.request.headers, name);
    const single = values.length > 1 ? values : piecesOf(values[0] ?? '');
    if (single.length < 2) continue;
    const which = new Set(single).size === 1 ? 'all alike' : 'and one of them fits';
    for (const value of new Set(single.slice(0, MOST_VALUES))) {
      yield {
        cause: 'header-doubled',
        detail: `The ${name} header is there ${single.length} times, ${which}.`,
        hint: DOUBLED_HINT,
        change: { request: withProof(it.request, name, value) },
      };
    }
  }
}

export const DOUBLED_HINT =
  'A sender signs once. Look for a proxy, or a replay, that adds the header instead of replacing it.';

const MOST_VALUES = 4;

/** As Node and proxies join what came more than once. */
function piecesOf(value: string): string[] {
  const pieces = value.split(/, ?/);
  const half = pieces.length / 2;
  if (pieces.length % 2 === 0 && pieces.slice(0, half).join() === pieces.slice(half).join()) {
    // A value may have commas of its own.
    const first = value.slice(0, (value.length - 1) / 2).replace(/,$/, '');
    return [first, first];
  }
  return value.split(', ');
}

/** The request with another proof. */
export const withProof = (request: RawRequest, name: string, value: string): RawRequest => ({
  ...request,
  headers: withHeader(request.headers, name, value),
});
