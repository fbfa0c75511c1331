import { HookcliError } from '../core/errors.ts';

/** One word of a query, cut out of its text. */
export interface QueryWord {
  readonly negated: boolean;
  /** Absent for bare words and text in quotes. */
  readonly field?: string;
  /** What it asks for: the parts between commas, any of which will do; a bare word has one. */
  readonly values: readonly string[];
  /** Where it stands in the query. */
  readonly start: number;
  readonly end: number;
}

const FIELD = /^[A-Za-z][A-Za-z-]*:/;
/** A path into the payload: `data.object.amount:`, `items[0].id:`, or `$.action:` for one at the top. */
const PATH = /^(?:\$\.)?[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*:/;
const LONGEST_FIELD = 256;
const SPACE = /\s/;

/** An error of a query that shows it, with a caret under the word that is wrong. */
export function badQuery(
  query: string,
  at: { readonly start: number; readonly end: number },
  what: string,
  hint: string,
): HookcliError {
  // One column for each character: a tab or line feed would push the caret aside.
  const shown = query.replace(/\p{C}|\s/gu, ' ');
  const caret = ' '.repeat(at.start) + '^'.repeat(Math.max(1, at.end - at.start));
  return new HookcliError('bad-query', `${what}\n  ${shown}\n  ${caret}`, { hint });
}

/**
 * The words of a query: `field:value`, `-field:value`, `field:a,b`, `"text in quotes"`, `word`.
 *
 * @throws HookcliError `bad-query` for a quotation mark that is not closed or a field without value
 */
export function splitQuery(query: string): QueryWord[] {
  const words: QueryWord[] = [];
  let at = 0;
  while (at < query.length) {
    if (SPACE.test(query[at] as string)) {
      at++;
      continue;
    }
    const word = readWord(query, at);
    words.push(word);
    at = word.end;
  }
  return words;
}

function readWord(query: string, start: number): QueryWord {
  const negated = query[start] === '-' && /\S/.test(query[start + 1] ?? '');
  let at = negated ? start + 1 : start;
  const field = fieldAt(query, at);
  if (field !== undefined) at += field.length + 1;
  const values: string[] = [];
  let value = '';
  while (at < query.length && !SPACE.test(query[at] as string)) {
    const letter = query[at] as string;
    if (letter === '"') {
      const quoted = readQuoted(query, at);
      value += quoted.text;
      at = quoted.end;
      continue;
    }
    if (letter === ',' && field !== undefined) {
      values.push(value);
      value = '';
    } else {
      value += letter;
    }
    at++;
  }
  values.push(value);
  const place = { start, end: at };
  if (field !== undefined && values.includes('')) {
    throw badQuery(query, place, `"${field}:" needs a value.`, `Write it like ${field}:value.`);
  }
  return { negated, ...(field === undefined ? {} : { field }), values, ...place };
}

/** Names of fields are the same in any case, paths are not. */
function fieldAt(query: string, at: number): string | undefined {
  const text = query.slice(at, at + LONGEST_FIELD);
  const field = FIELD.exec(text)?.[0];
  if (field !== undefined) return field.slice(0, -1).toLowerCase();
  const path = PATH.exec(text)?.[0].slice(0, -1);
  return path !== undefined && isPath(path) ? path : undefined;
}

/** Whether a field is a path into the payload. */
export const isPath = (field: string): boolean => /[.[]/.test(field);

function readQuoted(query: string, start: number): { text: string; end: number } {
  let text = '';
  for (let at = start + 1; at < query.length; at++) {
    const letter = query[at] as string;
    if (letter === '"') return { text, end: at + 1 };
    const next = query[at + 1];
    if (letter === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at++;
    } else {
      text += letter;
    }
  }
  throw badQuery(
    query,
    { start, end: query.length },
    'A quotation mark is not closed.',
    'Put a " at the end of the text.',
  );
}
