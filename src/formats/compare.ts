import { isUtf8 } from 'node:buffer';
import { isForm, payloadOf } from '../core/place.ts';
import type { Header, RawRequest } from '../core/types.ts';
import { jsonDifferences, pathText } from './json-differences.ts';

/** One thing in which the second of two requests is other than the first. */
export interface Difference {
  readonly in: 'method' | 'url' | 'header' | 'json' | 'form' | 'body';
  /** `moved` of a header: it stands elsewhere; `respelt` of a body: it means the same. */
  readonly change: 'added' | 'removed' | 'changed' | 'moved' | 'respelt';
  /** The header's or field's name, or the path in the payload. */
  readonly name?: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** The first byte in which two bodies differ, counted from 0. */
  readonly offset?: number;
}

/** The differences of two requests: method, URL, headers with their order, and the bodies. */
export function compareRequests(a: RawRequest, b: RawRequest): Difference[] {
  return [
    ...changed('method', a.method, b.method),
    ...changed('url', a.url, b.url),
    ...compareHeaders(a.headers, b.headers),
    ...compareBodies(a, b),
  ];
}

function changed(where: 'method' | 'url', before: string, after: string): Difference[] {
  return before === after ? [] : [{ in: where, change: 'changed', before, after }];
}

interface Named {
  readonly name: string;
  readonly values: string[];
}

function byName(headers: readonly Header[]): Map<string, Named> {
  const named = new Map<string, Named>();
  for (const [name, value] of headers) {
    const known = named.get(name.toLowerCase());
    if (known === undefined) named.set(name.toLowerCase(), { name, values: [value] });
    else known.values.push(value);
  }
  return named;
}

function compareHeaders(a: readonly Header[], b: readonly Header[]): Difference[] {
  const [before, after] = [byName(a), byName(b)];
  const found: Difference[] = [];
  for (const [key, { name, values }] of before) {
    found.push(...compareValues('header', name, values, after.get(key)?.values ?? []));
  }
  for (const [key, { name, values }] of after) {
    if (!before.has(key)) found.push(...compareValues('header', name, [], values));
  }
  return [...found, ...respelt(before, after), ...moved(before, after)];
}

/** The values that one name has on both sides, in their order. */
function compareValues(
  where: 'header' | 'form',
  name: string,
  before: readonly string[],
  after: readonly string[],
): Difference[] {
  const found: Difference[] = [];
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const [one, other] = [before[i], after[i]];
    if (one === other) continue;
    if (one === undefined) found.push({ in: where, change: 'added', name, after: other });
    else if (other === undefined) found.push({ in: where, change: 'removed', name, before: one });
    else found.push({ in: where, change: 'changed', name, before: one, after: other });
  }
  return found;
}

/** Names compare without case, yet some handlers look at it. */
function respelt(before: Map<string, Named>, after: Map<string, Named>): Difference[] {
  return [...before].flatMap(([key, { name }]): Difference[] => {
    const other = after.get(key)?.name;
    if (other === undefined || other === name) return [];
    return [{ in: 'header', change: 'respelt', name, before: name, after: other }];
  });
}

/** Those that stand elsewhere among the headers that both sides have; as few as tell it all. */
function moved(before: Map<string, Named>, after: Map<string, Named>): Difference[] {
  const places = new Map([...after.keys()].map((key, i) => [key, i]));
  const shared = [...before.keys()].filter((key) => places.has(key));
  const kept = new Set(longestRising(shared, (key) => places.get(key) as number));
  return shared.flatMap((key): Difference[] =>
    kept.has(key) ? [] : [{ in: 'header', change: 'moved', name: (before.get(key) as Named).name }],
  );
}

/** The longest part of a list that is in order already. */
function longestRising<T>(items: readonly T[], placeOf: (item: T) => number): T[] {
  const chains: { readonly item: T; readonly before: number; readonly length: number }[] = [];
  for (const [i, item] of items.entries()) {
    let before = -1;
    for (let j = 0; j < i; j++) {
      const longer = before === -1 || (chains[j]?.length ?? 0) > (chains[before]?.length ?? 0);
      if (placeOf(items[j] as T) < placeOf(item) && longer) before = j;
    }
    chains.push({ item, before, length: (chains[before]?.length ?? 0) + 1 });
  }
  const lengths = chains.map(({ length }) => length);
  const rising: T[] = [];
  let at = lengths.indexOf(Math.max(...lengths));
  while (at !== -1) {
    const chain = chains[at];
    if (chain === undefined) break;
    rising.push(chain.item);
    at = chain.before;
  }
  return rising;
}

function compareBodies(a: RawRequest, b: RawRequest): Difference[] {
  const [before, after] = [Buffer.from(a.body), Buffer.from(b.body)];
  if (before.equals(after)) return [];
  const found = compareMeanings(a, b);
  const offset = firstDifference(before, after);
  if (found !== undefined && found.length > 0) return found;
  const sides = { before: shown(before, offset), after: shown(after, offset) };
  return [{ in: 'body', change: found === undefined ? 'changed' : 'respelt', offset, ...sides }];
}

/** What the bodies mean, compared; undefined where that is not known of both. */
function compareMeanings(a: RawRequest, b: RawRequest): Difference[] | undefined {
  const [before, after] = [payloadOf(a), payloadOf(b)];
  if (before !== undefined && after !== undefined && isForm(a) === isForm(b)) {
    return jsonDifferences(before, after).map(({ path, ...difference }) => ({
      in: 'json',
      name: pathText(path),
      ...difference,
    }));
  }
  return isForm(a) && isForm(b) ? compareFields(fieldsOf(a), fieldsOf(b)) : undefined;
}

const fieldsOf = ({ body }: RawRequest): Map<string, string[]> => {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return fields;
};

function compareFields(before: Map<string, string[]>, after: Map<string, string[]>): Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
    compareValues('form', name, before.get(name) ?? [], after.get(name) ?? []),
  );
}

function firstDifference(before: Buffer, after: Buffer): number {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before[at] === after[at]) at++;
  return at;
}

/** One side of a difference between bytes. */
export interface BodySide {
  readonly bytes: number;
  /** What stands around the first difference: text, or hex where it is none. */
  readonly here: string;
}

const AROUND = 12;

function shown(body: Buffer, offset: number): BodySide {
  const part = body.subarray(Math.max(0, offset - AROUND), offset + 2 * AROUND);
  // What was cut within a letter at either end is still text.
  const text = part.toString('utf8').replace(/^\ufffd+|\ufffd+$/g, '');
  const isText = isUtf8(body) && !/\ufffd/.test(text);
  return { bytes: body.length, here: isText ? text : part.toString('hex') };
}
