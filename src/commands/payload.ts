import fs from 'node:fs';
import path from 'node:path';
import { HookcliError, systemCode } from '../core/errors.ts';
import { headerValue } from '../core/headers.ts';
import type { Header } from '../core/types.ts';
import { notJson } from '../deliver/compose.ts';
import type { Edit } from '../fixtures/render.ts';
import type { CommandContext } from './context.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads `--set path=value` and `--unset path`, in this order. A value is JSON where it can be read
 * as such, and text otherwise.
 *
 * @throws HookcliError `bad-set`
 */
export function editsOf({ options }: CommandContext): Edit[] {
  const sets = options.list('set').map((text): Edit => {
    const equals = text.indexOf('=');
    if (equals > 0)
      return { set: text.slice(0, equals), value: jsonOrText(text.slice(equals + 1)) };
    throw new HookcliError('bad-set', `--set: "${text}" sets nothing.`, {
      hint: 'Write it like data.object.amount=500 or customer.name="Ada".',
    });
  });
  return [...sets, ...options.list('unset').map((unset): Edit => ({ unset }))];
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Reads `--method`.
 *
 * @throws HookcliError `bad-method`
 */
export function methodOf({ options }: CommandContext): string {
  const method = options.text('method') ?? 'POST';
  if (TOKEN.test(method)) return method.toUpperCase();
  throw new HookcliError('bad-method', `--method: ${JSON.stringify(method)} is not a method.`, {
    hint: 'Write it like POST or PUT.',
  });
}

/**
 * Reads `-H "Name: value"`; an empty value is there to remove the header.
 *
 * @throws HookcliError `bad-header`
 */
export function headersOf({ options }: CommandContext): Header[] {
  return options.list('header').map((text): Header => {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)$/s.exec(text);
    const value = match?.[2]?.trim() ?? '';
    if (match === null || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new HookcliError('bad-header', `--header: ${JSON.stringify(text)} is not a header.`, {
        hint: 'Write it like -H "X-Tenant: acme".',
      });
    }
    return [match[1] as string, value];
  });
}

/** With a Content-Type where the user gave none: some providers sign a form otherwise than JSON. */
export function withContentType(headers: readonly Header[], body: Uint8Array): readonly Header[] {
  if (headerValue(headers, 'content-type') !== undefined) return headers;
  const text = Buffer.from(body).toString('utf8').trimStart();
  if (/^[[{]/.test(text)) return [...headers, ['Content-Type', 'application/json']];
  const isForm = /^[^=&\s<>"]+=/.test(text);
  return isForm ? [...headers, ['Content-Type', 'application/x-www-form-urlencoded']] : headers;
}

/**
 * Reads `--data`: JSON itself, `@file` or `-` for standard input. The bytes are sent as they are.
 *
 * @param anyBytes true when the user declared another content type than JSON
 * @throws HookcliError `missing-file` or `bad-json`
 */
export async function dataOf(
  context: CommandContext,
  anyBytes: boolean,
): Promise<Buffer | undefined> {
  const text = context.options.text('data');
  if (text === undefined) return undefined;
  const bytes = await readBytes(text, '--data', context);
  if (!anyBytes) {
    try {
      JSON.parse(bytes.toString('utf8'));
    } catch (error) {
      throw notJson(error, 'as this provider sends');
    }
  }
  return bytes;
}

/**
 * What an option gives: text itself, `@file`, or `-` for standard input.
 *
 * @throws HookcliError `missing-file`
 */
export async function readBytes(
  text: string,
  option: string,
  { cwd }: CommandContext,
): Promise<Buffer> {
  if (text === '-') return readInput();
  if (!text.startsWith('@')) return Buffer.from(text, 'utf8');
  const hint = 'Check the path; @ stands before a file name.';
  return readFile(path.resolve(cwd, text.slice(1)), option, hint);
}

export async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** @throws HookcliError `missing-file` */
export function readFile(file: string, option: string, hint: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new HookcliError(
      'missing-file',
      `${option}: cannot read ${file}: ${systemCode(error)}.`,
      { hint, cause: error },
    );
  }
}
