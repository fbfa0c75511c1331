import { isForm } from '../../core/place.ts';
import type { Provider, RawRequest } from '../../core/types.ts';
import type { OtherBody } from './hypothesis.ts';
import { LAYOUTS, layOut, roomFor } from './json-layout.ts';
import { ascii, dotNet, html, literal, php, type StringStyle, slashes } from './json-strings.ts';

type LayoutName = keyof typeof LAYOUTS;

const SPOKEN: Readonly<Record<LayoutName, string>> = {
  compact: 'compact JSON',
  spaced: 'JSON with a space behind each comma and colon (as Python writes it)',
  pretty: 'JSON indented by two spaces',
  pretty4: 'JSON indented by four spaces',
  tabs: 'JSON indented by tabs',
  lines: 'JSON with each item of the list on a line',
};

const STRINGS = new Map<StringStyle, string>([
  [literal, 'nothing escaped that need not be'],
  [ascii, 'text beyond ASCII as \\uXXXX'],
  [php, 'slashes as \\/ and text beyond ASCII as \\uXXXX'],
  [slashes, 'slashes as \\/'],
  [html, '<, > and & escaped (as Go writes it)'],
  [dotNet, 'text beyond ASCII and for HTML escaped (as .NET writes it)'],
]);

/** A serialiser's way: layout, way with strings (as they came when absent), end of the text. */
type Style = readonly [
  layout: LayoutName | undefined,
  strings?: StringStyle | undefined,
  end?: string,
];

const BY_PROVIDER: Readonly<Record<Provider['bodyStyle'], Style>> = {
  compact: ['compact'],
  pretty: ['pretty'],
  escaped: ['compact', php],
  lines: ['lines', undefined, '\r\n'],
};

// The most usual first.
const STYLES: readonly Style[] = [
  ['compact'],
  ['pretty'],
  ['spaced'],
  ['pretty4'],
  [undefined, literal],
  [undefined, php],
  [undefined, ascii],
  [undefined, slashes],
  ['compact', literal],
  ['spaced', ascii],
  ['compact', ascii],
  ['compact', php],
  ['compact', slashes],
  ['compact', html],
  ['spaced', literal],
  ['pretty', literal],
  ['pretty4', php],
  ['pretty', ascii],
  ['compact', dotNet],
  ['tabs'],
  ['compact', undefined, '\n'],
  ['pretty', undefined, '\n'],
];

/** Larger ones are not sorted or made a form of: it takes longer than it is worth. */
const MOST_BYTES = 256 * 1_024;

/** Bodies of the same meaning in other words: what a parser and a serialiser make of one. */
export function* bodyReserialised(
  request: RawRequest,
  provider: Provider,
  text: string,
): Generator<OtherBody> {
  const isJson = /^\s*[{[]/.test(text);
  if (isJson) yield* inStyles(text, [BY_PROVIDER[provider.bodyStyle], ...STYLES]);
  if (text.length > MOST_BYTES) return;
  yield* forms(request, provider, text, isJson);
  if (!isJson) return;
  const json = sortedJson(text);
  const room = roomFor(json?.length ?? 0);
  for (const layout of ['compact', 'spaced'] as const) {
    const sorted = json && layOut(json, LAYOUTS[layout], room);
    if (sorted) yield reserialised(sorted, `${SPOKEN[layout]}, its names sorted`);
  }
}

function* inStyles(text: string, styles: readonly Style[]): Generator<OtherBody> {
  const written = new Map<StringStyle | undefined, Buffer>();
  const room = roomFor(Buffer.byteLength(text));
  for (const [layout, strings, end] of styles) {
    let json = written.get(strings);
    if (json === undefined) {
      json = Buffer.from(strings?.(text) ?? text, 'utf8');
      written.set(strings, json);
    }
    const body = layout === undefined ? json : layOut(json, LAYOUTS[layout], room);
    if (body === undefined) continue;
    const was = inWords(layout, strings);
    yield reserialised(end === undefined ? body : Buffer.concat([body, Buffer.from(end)]), was);
  }
}

const reserialised = (body: Buffer, was: string): OtherBody => ({
  cause: 'body-reserialised',
  body,
  detail: `The signature fits the body as ${was}: it was parsed and written anew before it was verified.`,
});

function inWords(layout: LayoutName | undefined, strings: StringStyle | undefined): string {
  const escapes = strings && STRINGS.get(strings);
  if (layout === undefined) return `JSON with ${escapes}`;
  return escapes === undefined ? SPOKEN[layout] : `${SPOKEN[layout]}, ${escapes}`;
}

function sortedJson(text: string): Buffer | undefined {
  try {
    return Buffer.from(JSON.stringify(sorted(JSON.parse(text))));
  } catch {
    return undefined;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, of]) => [name, sorted(of)]));
}

/** Form fields: written anew, or taken out of their form. */
function* forms(
  request: RawRequest,
  { form }: Provider,
  text: string,
  isJson: boolean,
): Generator<OtherBody> {
  if (isJson && form) yield* formStyles({ payload: text }, 'the form field payload');
  if (isForm(request)) yield* formStyles(isJson ? fieldsOf(text) : text, 'a form');
}

function* formStyles(fields: string | Record<string, string>, was: string): Generator<OtherBody> {
  const plus = new URLSearchParams(fields).toString();
  yield reserialised(Buffer.from(plus), was);
  // Where the model is not the form of HTML but encodeURIComponent.
  const percent = plus.replaceAll('+', '%20').replace(/%(?:7E|27|28|29|21)/g, decodeURIComponent);
  yield reserialised(Buffer.from(percent), was);
}

/** The fields of a form that a handler has parsed and written as JSON; repeated ones are a list. */
function fieldsOf(text: string): string {
  const fields = new URLSearchParams();
  try {
    for (const [name, value] of Object.entries(JSON.parse(text) as object)) {
      for (const one of [value].flat()) fields.append(name, String(one));
    }
  } catch {
    // Not JSON after all; no field is one that fits.
  }
  return fields.toString();
}
