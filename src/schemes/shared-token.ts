import { createHash } from 'node:crypto';
import { withHeader } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { Scheme } from '../core/types.ts';
import { sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { type SecretKey, textKey } from './secret-key.ts';
import { rejected, soleHeader, verified } from './verdicts.ts';

/** Of equal length whatever the tokens' are, so that comparing tells nothing of it. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** The secret itself in a header. It proves the sender, but nothing about the body. */
export function sharedToken({
  id,
  header,
  key = textKey,
}: {
  readonly id: string;
  readonly header: string;
  /** Tells which secrets are tokens; any text is when absent. */
  readonly key?: Pick<SecretKey, 'fault'>;
}): Scheme {
  return {
    id,
    covers: 'nothing: the secret itself is sent',
    carriers: [inHeader(header)],
    bodyUnsigned: true,
    secretFault: key.fault,
    sign: (request, { secret }) => ({
      ...request,
      headers: withHeader(request.headers, header, secret),
    }),
    verify(request, { secrets }) {
      const found = soleHeader(request, header, id);
      if ('status' in found) return found;
      const given = digestOf(found.value);
      const matched = matchingSecret(secrets, key.fault, (secret) =>
        sameDigest(given, digestOf(secret)),
      );
      return matched === -1
        ? rejected(id, 'mismatch', `The ${header} header holds another token.`)
        : verified(id, secrets, matched);
    },
  };
}
