import { proofOf, withProof } from './headers.ts';
import type { Case, Cause, Hypothesis } from './hypothesis.ts';
import { type ProofForm, proofForm } from './proof-form.ts';

/** The proof written in other ways that mean the same digest. */
export function* proofSpellings(it: Case): Generator<Hypothesis> {
  const proof = proofOf(it);
  const value = proof?.values[0];
  if (proof === undefined || value === undefined || proof.values.length > 1) return;
  if (value.length > MOST_LETTERS) return;
  const form = proofForm(it.provider, it.scheme);
  for (const [cause, other, what] of otherForms(value, form)) {
    if (other === value) continue;
    yield {
      cause,
      detail: `The signature in the ${proof.name} header fits, but ${what}.`,
      hint: `${it.provider.title} writes it ${form === undefined ? 'otherwise' : form.words}; correct what makes or passes on the header.`,
      change: { request: withProof(it.request, proof.name, other) },
    };
  }
}

/** No digest is longer; what is goes not through patterns that a stranger could make slow. */
export const MOST_LETTERS = 1_024;

const DIGEST = /[A-Za-z0-9+/_-]{26,}={0,2}/g;

function* otherForms(
  value: string,
  form: ProofForm | undefined,
): Generator<readonly [Cause, string, string]> {
  yield ['header-format', value.replace(/\s+/g, ''), 'there is white space in it'];
  yield [
    'header-format',
    value.trim().replace(/^(["'])(.*)\1$/s, '$2'),
    'there are quotation marks around it',
  ];
  const bare = value.replace(/^(?:bearer|token|signature|hmac)[ :=]+/i, '');
  yield ['header-prefix', bare, 'there is a word in front of it'];
  const found = [...value.matchAll(DIGEST)].at(-1);
  if (found === undefined) return;
  const digest = found[0];
  const before = value.slice(0, found.index);
  const after = value.slice(found.index + digest.length);
  const digests = otherDigests(digest, form);
  for (const [cause, other, what] of digests) yield [cause, before + other + after, what];
  if (form?.prefix === undefined || before === form.prefix) return;
  const says = `"${form.prefix}" is not in front of it`;
  const prefixed: [string, string][] = [
    [digest, form.prefix === '' ? 'something is in front of it' : says],
    ...digests.map(([, other, what]): [string, string] => [other, `${says} and ${what}`]),
  ];
  // What is in front may look like a part of the digest: sha256- has only letters that base64 has.
  const tail = digest.replace(/^(?:sha\d+|v\d|hmac)[_-]/i, '');
  if (tail !== digest) prefixed.push([tail, says]);
  for (const [other, what] of prefixed) yield ['header-prefix', form.prefix + other, what];
}

function otherDigests(
  digest: string,
  form: ProofForm | undefined,
): (readonly [Cause, string, string])[] {
  const others: (readonly [Cause, string, string])[] = [];
  const isHex = /^[0-9a-fA-F]+$/.test(digest) && digest.length % 2 === 0;
  if (isHex) others.push(['header-case', digest.toLowerCase(), 'its hex digits are in upper case']);
  const bytes = Buffer.from(digest, isHex ? 'hex' : 'base64');
  if (form?.encoding === 'base64') {
    const what = isHex ? 'it is in hex' : 'it is in URL-safe or unpadded base64';
    others.push(['header-encoding', bytes.toString('base64'), what]);
  } else if (form?.encoding === 'hex' && !isHex) {
    others.push(['header-encoding', bytes.toString('hex'), 'it is in base64']);
  }
  const inside = bytes.toString('latin1');
  if (!isHex && form !== undefined && /^[0-9a-f]{40,}$/i.test(inside)) {
    const text = Buffer.from(inside, 'hex').toString(form.encoding);
    others.push(['header-encoding', text, 'it is the base64 of its hex digits']);
  }
  return others;
}
