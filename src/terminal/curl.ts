import { isUtf8 } from 'node:buffer';
import { HookcliError } from '../core/errors.ts';
import type { Header, RawRequest } from '../core/types.ts';
import { safe } from './safe.ts';

// Linux takes 128 KiB as one argument of a program (MAX_ARG_STRLEN); what the shell's own printf
// writes is not bound by it.
const LONGEST_ARGUMENT = 100_000;
// From this size on curl asks for leave first, with a header the request did not have.
const ASKS_FIRST = 1_024 ** 2;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** In single quotes a POSIX shell takes everything literally but the quote itself. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Text from the wire has one character a byte; other text goes out as UTF-8, as curl would send it. */
const bytesOf = (text: string): Buffer =>
  Buffer.from(text, /^[\0-\xff]*$/.test(text) ? 'latin1' : 'utf8');

const octal = (bytes: Uint8Array): string =>
  `'${Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}'`;

/** One word of a command; what could steer the terminal it is shown in is written in octal. */
const word = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) && safe(text) === text
    ? quote(text)
    : `"$(printf ${octal(bytesOf(text))})"`;

/** An option of curl by its long name, with the text it takes; `url` is what to ask for. */
export interface CurlOption {
  readonly name:
    | 'url'
    | 'request'
    | 'head'
    | 'globoff'
    | 'path-as-is'
    | 'request-target'
    | 'header';
  readonly text?: string;
}

/**
 * What curl has to be told of a request, all but its body.
 *
 * @param request with an absolute URL
 * @throws HookcliError `bad-url`
 */
export function curlOptions({ method, url, headers, body }: RawRequest): CurlOption[] {
  // Only a plain target can be left to curl, which drops fragments and may tidy up the rest.
  const { origin, host, target } = splitUrl(url);
  const isPlain = /^\/[^#]*$/.test(target) && /^[\x21-\x7e]*$/.test(target);
  const options: CurlOption[] = [];
  if (method === 'HEAD' && body.length === 0) options.push({ name: 'head' });
  else options.push({ name: 'request', text: method });
  if (/[[\]{}]/.test(origin + target)) options.push({ name: 'globoff' });
  if (isPlain && /\/\./.test(target)) options.push({ name: 'path-as-is' });
  if (!isPlain) options.push({ name: 'request-target', text: target });
  options.push({ name: 'url', text: isPlain ? origin + target : `${origin}/` });
  const lines = headerLines(headers, host);
  if (body.length > ASKS_FIRST) lines.push('Expect:');
  return [...options, ...lines.map((text): CurlOption => ({ name: 'header', text }))];
}

/** Whether curl has to be told that a body is empty. */
export const saysEmpty = (method: string): boolean => ['POST', 'PUT', 'PATCH'].includes(method);

const SHORT = {
  url: '',
  request: '-X ',
  head: '-I',
  globoff: '-g',
  'path-as-is': '--path-as-is',
  'request-target': '--request-target ',
  header: '-H ',
};

/**
 * The request as a command for a POSIX shell that sends the same bytes.
 *
 * @param request with an absolute URL
 * @throws HookcliError `bad-url`
 */
export function curlCommand(request: RawRequest): string {
  const words = curlOptions(request).map(({ name, text }) => {
    if (text === undefined) return SHORT[name];
    const isWord = name === 'request' && /^[A-Z]+$/.test(text);
    return SHORT[name] + (isWord ? text : word(text));
  });
  return withBody(`curl ${words.join(' ')}`, request.method, Buffer.from(request.body));
}

function splitUrl(url: string): { origin: string; host: string; target: string } {
  const [, origin = '', host = '', rest = ''] =
    /^(https?:\/\/([^/?#\s]+))([/?#].*)?$/is.exec(url) ?? [];
  if (!URL.canParse(origin)) {
    throw new HookcliError('bad-url', `"${url}" is not an address curl could send to.`, {
      hint: 'It should begin with http:// or https://.',
    });
  }
  return { origin, host, target: rest.startsWith('/') ? rest : `/${rest}` };
}

function headerLines(headers: readonly Header[], host: string): string[] {
  const lines: string[] = [];
  const given = new Set<string>();
  for (const [name, value] of headers) {
    // Such a name was never on a wire; one that begins with @ would make curl read a file.
    if (!TOKEN.test(name)) continue;
    const key = name.toLowerCase();
    given.add(key);
    if (key === 'content-length' || (key === 'host' && value === host)) continue;
    const line = value.replace(/[\r\n\0]+/g, ' ').trim();
    // A header with nothing behind the colon is taken away; with a semicolon it is sent empty.
    lines.push(line === '' ? `${name};` : `${name}: ${line}`);
  }
  // What curl would add on its own was not in the request.
  for (const name of ['User-Agent', 'Accept', 'Content-Type']) {
    if (!given.has(name.toLowerCase())) lines.push(`${name}:`);
  }
  return lines;
}

function withBody(command: string, method: string, body: Buffer): string {
  if (body.length === 0) {
    // Without this, curl would not say that the body is empty.
    return saysEmpty(method) ? `${command} --data-raw ''` : command;
  }
  const text = body.toString('utf8');
  const isHarmless = isUtf8(body) && safe(text, { lines: true }) === text;
  if (!isHarmless) return `printf ${octal(body)} | ${command} --data-binary @-`;
  if (body.length > LONGEST_ARGUMENT) {
    return `printf '%s' ${quote(text)} | ${command} --data-binary @-`;
  }
  // Not --data-binary: it would take what stands behind a leading @ for the name of a file.
  return `${command} --data-raw ${quote(text)}`;
}
