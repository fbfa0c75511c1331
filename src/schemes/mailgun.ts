import { createHash } from 'node:crypto';
import { inJson, readPlace, writePlace } from '../core/place.ts';
import type { Place, RawRequest, Scheme } from '../core/types.ts';
import { decodeDigest, hmacDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { textKey } from './secret-key.ts';
import { outsideTolerance, readTimestamp, writeTimestamp } from './timestamp.ts';
import { type Rejected, rejected, verified } from './verdicts.ts';

const ID = 'mailgun';
const SIGNATURE = inJson('signature.signature');
const TIMESTAMP = inJson('signature.timestamp');
const TOKEN = inJson('signature.token');

const digest = (secret: string, timestamp: string, token: string): Buffer =>
  hmacDigest('sha256', textKey.bytes(secret), [timestamp, token]);

function soleField(request: RawRequest, place: Place): { value: string } | Rejected {
  const value = readPlace(request, place);
  if (value === undefined) return rejected(ID, 'missing', `There is no ${place.name} in the body.`);
  if (value === '') return rejected(ID, 'malformed', `The ${place.name} of the body is empty.`);
  return { value };
}

/**
 * HMAC over a time and a random token, all three in the JSON body. It proves the sender but nothing
 * of the event beside it; whoever cares remembers the tokens.
 */
export const mailgunHmac: Scheme = {
  id: ID,
  covers: 'signature.timestamp and signature.token of the body, and nothing of the event',
  carriers: [SIGNATURE, TIMESTAMP, TOKEN],
  bodyUnsigned: true,
  secretFault: textKey.fault,

  sign(request, { secret, eventId, at }) {
    const timestamp = writeTimestamp(at, 's');
    // Mailgun draws 50 hex digits; of an event that has none they are made of its id.
    const token =
      readPlace(request, TOKEN) || createHash('sha256').update(eventId).digest('hex').slice(0, 50);
    let signed = writePlace(request, TIMESTAMP, timestamp);
    signed = writePlace(signed, TOKEN, token);
    return writePlace(signed, SIGNATURE, digest(secret, timestamp, token).toString('hex'));
  },

  verify(request, { secrets, at, toleranceMs = Infinity }) {
    const signature = soleField(request, SIGNATURE);
    if ('status' in signature) return signature;
    const timestamp = soleField(request, TIMESTAMP);
    if ('status' in timestamp) return timestamp;
    const token = soleField(request, TOKEN);
    if ('status' in token) return token;
    const time = readTimestamp(timestamp.value, 's', `the ${TIMESTAMP.name} of the body`, ID);
    if ('status' in time) return time;
    const given = decodeDigest(signature.value, 'hex', 32);
    if (given === undefined) {
      return rejected(ID, 'malformed', `The ${SIGNATURE.name} of the body is not 64 hex digits.`);
    }
    const matched = matchingSecret(secrets, textKey.fault, (secret) =>
      sameDigest(given, digest(secret, timestamp.value, token.value)),
    );
    if (matched === -1) {
      const detail = `The ${SIGNATURE.name} of the body was made with another key or over another timestamp or token.`;
      return rejected(ID, 'mismatch', detail);
    }
    const age = { signedAtMs: time.ms, at, toleranceMs, refuseEarly: false };
    return outsideTolerance(ID, age) ?? verified(ID, secrets, matched);
  },
};
