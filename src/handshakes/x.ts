import { alphanumeric } from '../core/ids.ts';
import { inQuery, readPlace } from '../core/place.ts';
import type { Handshake, RawRequest } from '../core/types.ts';
import { hmacDigest } from '../schemes/digest.ts';
import { jsonAnswer, NO_SECRET } from './answer.ts';
import { queryChallenge } from './challenge.ts';
import { membersFault, statusFault } from './fault.ts';

const TOKEN = inQuery('crc_token');

function expectedOf(request: RawRequest, [secret]: readonly string[]) {
  if (secret === undefined) return undefined;
  const token = readPlace(request, TOKEN) ?? '';
  const digest = hmacDigest('sha256', Buffer.from(secret, 'utf8'), [token]);
  return { response_token: `sha256=${digest.toString('base64')}` };
}

/**
 * The challenge-response check: a GET with a token whose HMAC, made with the consumer secret, is the
 * answer; when a webhook is registered and about every half hour after.
 * https://docs.x.com/x-api/webhooks/introduction (2026-11)
 */
export const xCrc: Handshake = {
  id: 'crc',
  isSigned: false,
  recognise: (request) => request.method === 'GET' && readPlace(request, TOKEN) !== undefined,
  answer(request, secrets) {
    const expected = expectedOf(request, secrets);
    return expected === undefined ? NO_SECRET : jsonAnswer(expected);
  },
  challenge: (url, { random }) => queryChallenge(url, { crc_token: alphanumeric(48, random) }),
  fault: (given, request, secrets) =>
    statusFault(given, 200) ?? membersFault(given, expectedOf(request, secrets) ?? {}),
};
