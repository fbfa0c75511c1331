/** How a serialiser writes what need not be escaped in JSON text. */
export type StringStyle = (json: string) => string;

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Everything literal that may be, as JSON.stringify writes it. */
export const literal: StringStyle = (json) =>
  json.includes('\\') ? json.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, plain) : json;

const SHORT: Readonly<Record<number, string>> = {
  8: '\\b',
  9: '\\t',
  10: '\\n',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

function plain(pair: string, hex: string | undefined, letter: string | undefined): string {
  if (hex === undefined) return letter === '/' ? '/' : pair;
  const code = Number.parseInt(hex, 16);
  return SHORT[code] ?? (code < 0x20 ? pair.toLowerCase() : String.fromCharCode(code));
}

/** Beyond ASCII as `\uXXXX`: Python's json.dumps. */
export const ascii: StringStyle = (json) => literal(json).replace(/[^\x00-\x7f]/g, escaped);

/** Slashes as `\/`: PHP with JSON_UNESCAPED_UNICODE. */
export const slashes: StringStyle = (json) => literal(json).replaceAll('/', '\\/');

/** Both: PHP's json_encode, and with it Slack, Meta and others. */
export const php: StringStyle = (json) => ascii(json).replaceAll('/', '\\/');

/** What could end an HTML element: Go's encoding/json. */
export const html: StringStyle = (json) => literal(json).replace(/[<>&\u2028\u2029]/g, escaped);

/** What could harm in HTML and beyond ASCII, in upper-case hex: .NET's System.Text.Json. */
export const dotNet: StringStyle = (json) =>
  literal(json)
    .replaceAll('\\"', '\\u0022')
    .replace(/[<>&'+`]|[^\x00-\x7f]/g, (unit) => `\\u${escaped(unit).slice(2).toUpperCase()}`);
