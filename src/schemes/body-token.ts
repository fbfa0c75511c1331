import { createHash } from 'node:crypto';
import { HookcliError } from '../core/errors.ts';
import { parsePath, setPath } from '../core/json-path.ts';
import { inJson, payloadOf, readPlace } from '../core/place.ts';
import type { Scheme } from '../core/types.ts';
import { sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { textKey } from './secret-key.ts';
import { rejected, verified } from './verdicts.ts';

/** Of equal length whatever the tokens' are, so that comparing tells nothing of it. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** The secret itself in a field of the JSON body. Nothing else of the body is proved by it. */
export function bodyToken({
  id,
  field,
}: {
  readonly id: string;
  /** A dotted path into the body. */
  readonly field: string;
}): Scheme {
  const place = inJson(field);
  return {
    id,
    covers: 'nothing: the secret itself is sent',
    carriers: [place],
    bodyUnsigned: true,
    secretFault: textKey.fault,
    sign(request, { secret }) {
      if (readPlace(request, place) === secret) return request;
      const payload = payloadOf(request);
      if (typeof payload !== 'object' || payload === null) {
        throw new HookcliError('bad-json', `The payload is no JSON object to put "${field}" in.`, {
          hint: 'Send a JSON object.',
        });
      }
      setPath(payload, parsePath(field), secret);
      return { ...request, body: Buffer.from(JSON.stringify(payload), 'utf8') };
    },
    verify(request, { secrets }) {
      const given = readPlace(request, place);
      if (given === undefined) return rejected(id, 'missing', `There is no ${field} in the body.`);
      if (given === '') return rejected(id, 'malformed', `The ${field} in the body is empty.`);
      const digest = digestOf(given);
      const matched = matchingSecret(secrets, textKey.fault, (secret) =>
        sameDigest(digest, digestOf(secret)),
      );
      return matched === -1
        ? rejected(id, 'mismatch', `The ${field} in the body is another one.`)
        : verified(id, secrets, matched);
    },
  };
}
