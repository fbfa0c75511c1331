import { createHash } from 'node:crypto';
import { digits } from '../core/ids.ts';
import { inQuery, readPlace } from '../core/place.ts';
import type { Handshake, RawRequest } from '../core/types.ts';
import { sameDigest } from '../schemes/digest.ts';
import { emptyAnswer, textAnswer } from './answer.ts';
import { queryChallenge } from './challenge.ts';

const inUrl = (request: RawRequest, name: string) => readPlace(request, inQuery(`hub.${name}`));

const digestOf = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/**
 * A GET with the token that was set beside the URL: a receiver that knows it gives the challenge back.
 * The token is no key of any signature, but is given like one.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started (2026-11)
 */
export const metaChallenge: Handshake = {
  id: 'hub.challenge',
  isSigned: false,
  recognise: (request) =>
    request.method === 'GET' &&
    inUrl(request, 'mode') === 'subscribe' &&
    inUrl(request, 'challenge') !== undefined,
  answer(request, secrets) {
    const given = digestOf(inUrl(request, 'verify_token') ?? '');
    const isKnown = secrets.filter((secret) => sameDigest(given, digestOf(secret))).length > 0;
    return isKnown ? textAnswer(inUrl(request, 'challenge') ?? '') : emptyAnswer(403);
  },
  challenge: (url, { random, secret }) =>
    queryChallenge(url, {
      'hub.mode': 'subscribe',
      'hub.challenge': String(digits(10, random)),
      'hub.verify_token': secret,
    }),
};
