import { headerValues } from '../../core/headers.ts';
import { namesOf, proofOf } from './headers.ts';
import type { Case, Explanation } from './hypothesis.ts';
import { type ProofForm, proofForm } from './proof-form.ts';
import { MOST_LETTERS } from './proof-spellings.ts';

/** What can be seen of a header that nothing makes fit. Never compares digests in part. */
export function proofSuspicion(it: Case): Explanation | undefined {
  const names = namesOf(it);
  const empty = names.find((name) => headerValues(it.request.headers, name).includes(''));
  if (empty !== undefined) {
    return {
      cause: 'header-empty',
      detail: `The ${empty} header is empty.`,
      hint: 'Look for a proxy that clears it, or a sender without a secret; a template or variable may have been left unset.',
    };
  }
  return wrongLength(it);
}

/** Bytes of the digests in use, and what makes them. */
const ALGORITHMS: Readonly<Record<number, string>> = {
  16: 'MD5',
  20: 'SHA-1',
  32: 'SHA-256',
  48: 'SHA-384',
  64: 'SHA-512',
};

/**
 * By its length alone: whether what is there is the beginning of the right digest must not be told,
 * or a stranger could find the rest digit by digit.
 */
function wrongLength(it: Case): Explanation | undefined {
  const proof = proofOf(it);
  const form = proofForm(it.provider, it.scheme);
  const value = proof?.values[0];
  if (proof === undefined || value === undefined || form === undefined || form.length === 0) {
    return undefined;
  }
  const given = digestAtEnd(value, form);
  const isOther = form.encoding === 'hex' && !/^[0-9a-f]*$/i.test(given ?? '');
  if (given === undefined || isOther) return undefined;
  const bytes = Buffer.from(given, form.encoding).length;
  const is = `The signature in the ${proof.name} header has ${given.length} characters instead of ${form.length}`;
  const named = /(md5|sha-?\d+)[=_: -]/i.exec(value)?.[1]?.replace('-', '').toUpperCase();
  const algorithm = ALGORITHMS[bytes];
  // Half a digest may be as long as a shorter one; only where that is named is there no doubt.
  const isHalf = bytes * 2 === form.bytes && named !== algorithm?.replace('-', '');
  if (algorithm !== undefined && bytes !== form.bytes && !isHalf) {
    return {
      cause: 'header-algorithm',
      detail: `${is}, as many as ${algorithm} makes.`,
      hint: `${it.provider.title} uses ${ALGORITHMS[form.bytes] ?? 'another algorithm'}; correct the sender, or read the header that is meant.`,
    };
  }
  if (given.length >= form.length) return undefined;
  return {
    cause: 'header-truncated',
    detail: `${is}.`,
    hint: 'Look for what cuts it: a limit on the length of headers, a column in a database, copy and paste.',
  };
}

function digestAtEnd(value: string, { prefix }: ProofForm): string | undefined {
  if (value.length > MOST_LETTERS) return undefined;
  if (prefix !== undefined && value.startsWith(prefix)) return value.slice(prefix.length);
  return /[A-Za-z0-9+/=_-]*$/.exec(value)?.[0].replace(/^[\w-]{1,8}=/, '');
}
