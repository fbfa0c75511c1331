import { isUtf8 } from 'node:buffer';
import type { RawRequest } from '../core/types.ts';

/** In single quotes a POSIX shell takes everything literally but the quote itself. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const octal = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

/**
 * The request as a command for a POSIX shell that sends the same bytes.
 *
 * @param request with an absolute URL
 */
export function curlCommand({ method, url, headers, body }: RawRequest): string {
  const bytes = Buffer.from(body);
  const isText = isUtf8(bytes) && !bytes.includes(0);
  const { host } = new URL(url);
  const words = ['curl', '-sS', '-g', '--path-as-is', '-X', quote(method), quote(url)];
  const given = new Set<string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    given.add(key);
    if (key === 'content-length' || (key === 'host' && value === host)) continue;
    // curl leaves out a header with nothing behind the colon; a semicolon sends it empty.
    words.push('-H', headerWord(name, value));
  }
  // What curl would add on its own was not in the request.
  for (const name of ['User-Agent', 'Accept', 'Content-Type']) {
    if (!given.has(name.toLowerCase())) words.push('-H', quote(`${name}:`));
  }
  if (bytes.length === 0) return words.join(' ');
  // --data-raw, since --data-binary would read a leading @ as the name of a file.
  if (isText) return [...words, '--data-raw', quote(bytes.toString('utf8'))].join(' ');
  return `printf '%b' ${quote(octal(bytes).replaceAll('\\', '\\0'))} | ${[...words, '--data-binary', '@-'].join(' ')}`;
}

function headerWord(name: string, value: string): string {
  if (value === '') return quote(`${name};`);
  // Header values are one character a byte; a shell's text is UTF-8.
  const isAscii = /^[\x20-\x7e\t]*$/.test(value);
  if (isAscii) return quote(`${name}: ${value}`);
  return `"$(printf '%b' ${quote(octal(Buffer.from(`${name}: ${value}`, 'latin1')).replaceAll('\\', '\\0'))})"`;
}
