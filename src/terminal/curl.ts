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

/**
 * The request as a command for a POSIX shell that sends the same bytes.
 *
 * @param request with an absolute URL
 * @throws HookcliError `bad-url`
 */
export function curlCommand(request: RawRequest): string {
  const { method, headers, body } = request;
  // Only a plain target can be left to curl, which drops fragments and may tidy up the rest.
  const { origin, host, target } = splitUrl(request.url);
  const isPlain = /^\/[^#]*$/.test(target) && /^[\x21-\x7e]*$/.test(target);
  const words = ['curl'];
  if (method === 'HEAD' && body.length === 0) words.push('-I');
  else words.push('-X', /^[A-Z]+$/.test(method) ? method : word(method));
  if (/[[\]{}]/.test(origin + target)) words.push('-g');
  if (isPlain && /\/\./.test(target)) words.push('--path-as-is');
  if (!isPlain) words.push('--request-target', word(target));
  words.push(word(isPlain ? origin + target : `${origin}/`));
  words.push(...headerWords(headers, host));
  if (body.length > ASKS_FIRST) words.push('-H', quote('Expect:'));
  return withBody(words, method, Buffer.from(body));
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

function headerWords(headers: readonly Header[], host: string): string[] {
  const words: string[] = [];
  const given = new Set<string>();
  for (const [name, value] of headers) {
    // Such a name was never on a wire; one that begins with @ would make curl read a file.
    if (!TOKEN.test(name)) continue;
    const key = name.toLowerCase();
    given.add(key);
    if (key === 'content-length' || (key === 'host' && value === host)) continue;
    const line = value.replace(/[\r\n\0]+/g, ' ').trim();
    // A header with nothing behind the colon is taken away; with a semicolon it is sent empty.
    words.push('-H', word(line === '' ? `${name};` : `${name}: ${line}`));
  }
  // What curl would add on its own was not in the request.
  for (const name of ['User-Agent', 'Accept', 'Content-Type']) {
    if (!given.has(name.toLowerCase())) words.push('-H', quote(`${name}:`));
  }
  return words;
}

function withBody(words: readonly string[], method: string, body: Buffer): string {
  const command = words.join(' ');
  if (body.length === 0) {
    // Without this, curl would not say that the body is empty.
    return ['POST', 'PUT', 'PATCH'].includes(method) ? `${command} --data-raw ''` : command;
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
