import { HookcliError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { readPlace, writePlace } from '../core/place.ts';
import type { Provider, Random, RawRequest, Scheme, SignOptions } from '../core/types.ts';
import { schemeFor, signRequest } from '../verify/sign.ts';

/** One property of a valid request that can be made wrong, and what a good handler then sees. */
export const SPOILS = {
  signature: 'one character of the signature changed',
  body: 'one character of the body changed after signing',
  timestamp: 'validly signed, but older than the tolerance',
  secret: 'signed with another secret',
  missing: 'signature left out',
  empty: 'signature header there, but empty',
  truncated: 'second half of the signature cut off',
  whitespace: 'a space added to the body after signing',
} as const;

export type Spoil = keyof typeof SPOILS;

/**
 * Reads `--spoil`.
 *
 * @throws HookcliError `unknown-spoil`
 */
export function parseSpoil(text: string): Spoil {
  if (Object.hasOwn(SPOILS, text)) return text as Spoil;
  const [guess] = nearest(text, Object.keys(SPOILS));
  throw new HookcliError('unknown-spoil', `--spoil: there is no "${text}" to spoil.`, {
    hint: `${guess === undefined ? '' : `Did you mean "${guess}"? `}Possible: ${Object.keys(SPOILS).join(', ')}.`,
  });
}

/**
 * The request signed as the provider would, with exactly one property wrong.
 *
 * @param toleranceMs beyond which a timestamp is stale for the handler; the scheme's own when absent
 * @throws HookcliError `cannot-spoil` when the scheme has no such property
 */
export function signSpoiled(
  request: RawRequest,
  provider: Provider,
  options: SignOptions & { readonly spoil: Spoil; readonly random: Random; toleranceMs?: number },
): RawRequest {
  const { spoil, secret, at, random } = options;
  const scheme = schemeFor(provider, secret, request);
  if (scheme.bodyUnsigned && (spoil === 'body' || spoil === 'whitespace')) {
    throw cannotSpoil(`${provider.title} does not sign the body.`, scheme);
  }
  switch (spoil) {
    case 'secret':
      return signRequest(request, provider, {
        ...options,
        secret: otherSecret(provider, scheme, random),
      });
    case 'timestamp': {
      const toleranceMs = options.toleranceMs ?? scheme.toleranceMs;
      if (toleranceMs === undefined) {
        throw cannotSpoil(`${provider.title} signs no timestamp to spoil.`, scheme);
      }
      const old = new Date(at.getTime() - toleranceMs - 60_000);
      return signRequest(request, provider, { ...options, at: old });
    }
    case 'body': {
      const signed = signRequest(request, provider, options);
      return { ...signed, body: changeBody(signed.body) };
    }
    case 'whitespace': {
      const signed = signRequest(request, provider, options);
      return { ...signed, body: Buffer.concat([signed.body, Buffer.from(' ')]) };
    }
    case 'missing':
      return onProofs(signRequest(request, provider, options), provider, () => undefined);
    case 'empty':
      return onProofs(signRequest(request, provider, options), provider, () => '');
    case 'truncated':
      return onProofs(signRequest(request, provider, options), provider, (value) =>
        value.slice(0, Math.ceil(value.length / 2)),
      );
    case 'signature':
      return onProofs(signRequest(request, provider, options), provider, changeLastDigit);
  }
}

function cannotSpoil(why: string, { bodyUnsigned, toleranceMs }: Scheme): HookcliError {
  const possible = Object.keys(SPOILS).filter((name) => {
    if (name === 'timestamp') return toleranceMs !== undefined;
    return !(bodyUnsigned && (name === 'body' || name === 'whitespace'));
  });
  return new HookcliError('cannot-spoil', why, { hint: `Possible here: ${possible.join(', ')}.` });
}

function otherSecret(provider: Provider, scheme: Scheme, random: Random): string {
  const secret = provider.secret.generate(random);
  if (scheme.secretFault(secret) === undefined) return secret;
  throw new HookcliError(
    'cannot-spoil',
    `hookcli cannot make another ${provider.title} key pair.`,
    {
      hint: 'Spoil the signature instead: --spoil signature',
    },
  );
}

/** Changes, once, each place that holds the proof of a scheme that signed. */
function onProofs(
  request: RawRequest,
  provider: Provider,
  change: (value: string) => string | undefined,
): RawRequest {
  let spoiled = request;
  // Two schemes may share a place; changed a second time, it could be what it was.
  const proofs = new Map(
    provider.schemes.flatMap(({ carriers: [proof] }) =>
      proof === undefined ? [] : [[`${proof.in} ${proof.name}`, proof]],
    ),
  );
  for (const proof of proofs.values()) {
    const found = readPlace(spoiled, proof);
    if (found !== undefined) spoiled = writePlace(spoiled, proof, change(found));
  }
  return spoiled;
}

/** Another digit in the middle of the last run of digest characters, so that the length stays. */
function changeLastDigit(value: string): string {
  const digest = /[A-Za-z0-9+/_-]{20,}(?==*$)/.exec(value);
  const at = digest === null ? value.length - 1 : digest.index + Math.floor(digest[0].length / 2);
  return value.slice(0, at) + (value[at] === 'a' ? 'b' : 'a') + value.slice(at + 1);
}

/** Another digit or letter somewhere in the middle, so that JSON stays JSON. */
function changeBody(body: Uint8Array): Buffer {
  const changed = Buffer.from(body);
  for (let step = 0; step < changed.length; step++) {
    const at = (Math.floor(changed.length / 2) + step) % changed.length;
    const byte = changed[at] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      // From 1 to 8, so that no number gets a leading zero.
      changed[at] = byte >= 0x38 ? 0x31 : byte + 1;
      return changed;
    }
  }
  return Buffer.concat([changed, Buffer.from(' ')]);
}
