import { hex } from '../core/ids.ts';
import { inQuery, readPlace } from '../core/place.ts';
import type { Handshake } from '../core/types.ts';
import { braintreeSignature } from '../schemes/braintree.ts';
import { NO_SECRET, textAnswer } from './answer.ts';
import { queryChallenge } from './challenge.ts';

const CHALLENGE = inQuery('bt_challenge');

/**
 * A GET with a challenge that is to be signed as a payload is (braintree 3.40, read 2026-11).
 */
export const braintreeChallenge: Handshake = {
  id: 'bt_challenge',
  isSigned: false,
  recognise: (request) =>
    request.method === 'GET' && /^[a-f0-9]{20,32}$/.test(readPlace(request, CHALLENGE) ?? ''),
  answer(request, secrets) {
    // The private key alone cannot name the key that signs.
    const keys = secrets.find((secret) => secret.includes('|'));
    if (keys === undefined) return NO_SECRET;
    return textAnswer(braintreeSignature(keys, readPlace(request, CHALLENGE) ?? ''));
  },
  challenge: (url, { random }) => queryChallenge(url, { bt_challenge: hex(32, random) }),
};
