import { isUtf8 } from 'node:buffer';
import { headerValue } from '../core/headers.ts';
import { formatSize } from '../core/limits.ts';
import type { Header } from '../core/types.ts';
import { indentJson } from './indent-json.ts';
import { cut, safe } from './safe.ts';

const PRETTY_BYTES = 256 * 1_024;
const LINES_SHOWN = 200;
const LONGEST_LINE = 2_000;
const HEX_SHOWN = 32;

interface Content {
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

const view = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function binaryText({ headers, body }: Content): string {
  const coding = headerValue(headers, 'content-encoding');
  const kind = coding === undefined ? 'binary' : safe(coding, { max: 20 });
  const hex = view(body)
    .subarray(0, HEX_SHOWN)
    .toString('hex')
    .replace(/..(?!$)/g, '$& ');
  const rest = body.length > HEX_SHOWN ? ' …' : '';
  return `(${kind}, ${formatSize(body.length)}: ${hex}${rest})`;
}

/**
 * The start of an answer in one line; '' when it has no body.
 *
 * @param max characters at most
 */
export function bodyStart(content: Content, max: number): string {
  const bytes = view(content.body);
  if (!isUtf8(bytes)) return cut(binaryText(content), max);
  let text = bytes.subarray(0, 4_096).toString('utf8');
  if (/\bhtml\b/i.test(headerValue(content.headers, 'content-type') ?? '')) {
    // What frameworks say of an error stands behind a screenful of markup.
    text = text.replace(/<(head|style|script)\b.*?<\/\1>|<[^>]*>/gis, ' ');
  }
  return safe(text.replace(/\s+/g, ' ').trim(), { max });
}

/**
 * A body for reading: JSON one member a line, other text as it is, bytes that are no text in hex.
 *
 * @param all how to see what is left out
 */
export function bodyLines(content: Content, all: string): string[] {
  const { body } = content;
  const bytes = view(body);
  if (!isUtf8(bytes)) return [binaryText(content)];
  const isLong = bytes.length > PRETTY_BYTES;
  const text = bytes.subarray(0, PRETTY_BYTES).toString('utf8');
  const json = isLong ? undefined : indentJson(text, LINES_SHOWN + 1);
  const lines = json ?? text.split('\n').map((line) => line.replace(/\r$/, ''));
  const shown = lines
    .slice(0, LINES_SHOWN)
    .map((line) => safe(line, { lines: true, max: LONGEST_LINE }));
  const isCut = isLong || lines.some((line, i) => i >= LINES_SHOWN || line.length > LONGEST_LINE);
  return isCut ? [...shown, `… there is more: ${all}`] : shown;
}
