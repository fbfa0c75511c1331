import { alphanumeric } from '../core/ids.ts';
import { inQuery, readPlace } from '../core/place.ts';
import type { Handshake } from '../core/types.ts';
import { textAnswer } from './answer.ts';
import { queryChallenge } from './challenge.ts';

const CHALLENGE = inQuery('challenge');

/**
 * A GET whose challenge is to be given back as it is, as text that no browser takes for a page.
 * https://www.dropbox.com/developers/reference/webhooks (2026-11)
 */
export const dropboxChallenge: Handshake = {
  id: 'challenge',
  isSigned: false,
  recognise: (request) => request.method === 'GET' && readPlace(request, CHALLENGE) !== undefined,
  answer: (request) => textAnswer(readPlace(request, CHALLENGE) ?? ''),
  challenge: (url, { random }) => queryChallenge(url, { challenge: alphanumeric(52, random) }),
};
