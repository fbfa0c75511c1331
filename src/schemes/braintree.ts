import { createHash } from 'node:crypto';
import { HookcliError } from '../core/errors.ts';
import { inForm, readPlace, writePlace } from '../core/place.ts';
import type { Scheme } from '../core/types.ts';
import { decodeDigest, hmacDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { textKey } from './secret-key.ts';
import { rejected, verified } from './verdicts.ts';

const ID = 'braintree';
const SIGNATURE = inForm('bt_signature');
const PAYLOAD = inForm('bt_payload');
/** A sender signs with the keys of one account, at most a few. */
const MOST_PAIRS = 20;

/** The private key; in front of it may stand the public one and a bar, as in the signature. */
const privateKey = (secret: string): string => secret.slice(secret.indexOf('|') + 1);

const fault = (secret: string) => textKey.fault(privateKey(secret));

const digest = (secret: string, payload: string): Buffer => {
  const key = createHash('sha1').update(privateKey(secret), 'utf8').digest();
  return hmacDigest('sha1', key, [payload]);
};

/** `<public key>|<hex>` for a text; the secret must hold both keys. */
export const braintreeSignature = (secret: string, text: string): string =>
  `${secret.slice(0, secret.indexOf('|'))}|${digest(secret, text).toString('hex')}`;

/**
 * HMAC over a form field with XML in base64; the key is the SHA-1 of the private key, and the name
 * of the key stands before the digest (braintree 3.40, read 2026-11).
 */
export const braintreeHmac: Scheme = {
  id: ID,
  covers: 'bt_payload of the form',
  carriers: [SIGNATURE, PAYLOAD],
  secretFault: fault,

  sign(request, { secret }) {
    if (!secret.includes('|')) {
      throw new HookcliError('unusable-secret', 'The private key alone can verify, but not sign.', {
        hint: 'Braintree names its key in the signature. Give both: <public key>|<private key>',
      });
    }
    let payload = readPlace(request, PAYLOAD);
    if (payload === undefined) {
      throw new HookcliError('bad-body', 'The body is not a form with a bt_payload.', {
        hint: 'See what one looks like: hookcli send braintree check --dry-run',
      });
    }
    // A fixture holds the XML itself, as does a payload that somebody has edited.
    if (payload.startsWith('<')) payload = `${Buffer.from(payload).toString('base64')}\n`;
    const signature = braintreeSignature(secret, payload);
    return writePlace(writePlace(request, PAYLOAD, payload), SIGNATURE, signature);
  },

  verify(request, { secrets }) {
    const signature = readPlace(request, SIGNATURE);
    if (signature === undefined) {
      return rejected(ID, 'missing', 'There is no bt_signature in the form.');
    }
    const payload = readPlace(request, PAYLOAD);
    if (payload === undefined) {
      return rejected(ID, 'missing', 'There is no bt_payload in the form.');
    }
    const given = signature
      .split('&')
      .slice(0, MOST_PAIRS)
      .flatMap((pair) => {
        const bar = pair.indexOf('|');
        const bytes = decodeDigest(pair.slice(bar + 1), 'hex', 20);
        return bytes === undefined ? [] : [{ key: pair.slice(0, Math.max(0, bar)), bytes }];
      });
    if (given.length === 0) {
      const want = '<public key>|<40 hex digits>';
      return rejected(ID, 'malformed', `The bt_signature of the form should read "${want}".`);
    }
    const matched = matchingSecret(secrets, fault, (secret) => {
      const expected = digest(secret, payload);
      // Where the public key is known too, only what names it counts, as in Braintree's own library.
      const named = secret.includes('|') ? secret.slice(0, secret.indexOf('|')) : undefined;
      return (
        given.filter(
          ({ key, bytes }) => (named === undefined || key === named) && sameDigest(bytes, expected),
        ).length > 0
      );
    });
    if (matched !== -1) return verified(ID, secrets, matched);
    const detail =
      'The bt_signature of the form was made with another key or over another bt_payload.';
    return rejected(ID, 'mismatch', detail);
  },
};
