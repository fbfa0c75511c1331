import { alphanumeric } from '../core/ids.ts';
import type { Handshake, RawRequest } from '../core/types.ts';
import { hmacDigest } from '../schemes/digest.ts';
import { jsonAnswer, NO_SECRET } from './answer.ts';
import { challengeJson, jsonChallenge, textIn } from './challenge.ts';
import { membersFault, statusFault } from './fault.ts';

const EVENT = 'endpoint.url_validation';

const tokenOf = (request: RawRequest): string | undefined => {
  const payload = challengeJson(request, EVENT);
  return textIn(payload, 'event') === EVENT ? textIn(payload?.payload, 'plainToken') : undefined;
};

function expectedOf(request: RawRequest, [secret]: readonly string[]) {
  const plainToken = tokenOf(request) ?? '';
  if (secret === undefined) return undefined;
  const digest = hmacDigest('sha256', Buffer.from(secret, 'utf8'), [plainToken]);
  return { plainToken, encryptedToken: digest.toString('hex') };
}

/**
 * Zoom sends a token, when a URL is saved and every 72 hours, and wants it back with its HMAC.
 * https://developers.zoom.us/docs/api/webhooks/ (2026-11)
 */
export const zoomUrlValidation: Handshake = {
  id: EVENT,
  isSigned: true,
  recognise: (request) => tokenOf(request) !== undefined,
  answer(request, secrets) {
    const expected = expectedOf(request, secrets);
    return expected === undefined ? NO_SECRET : jsonAnswer(expected);
  },
  challenge: (url, { random, at }) =>
    jsonChallenge(
      url,
      {
        payload: { plainToken: alphanumeric(22, random) },
        event_ts: at.getTime(),
        event: EVENT,
      },
      [['Accept', '*/*']],
    ),
  fault: (given, request, secrets) =>
    statusFault(given, 200) ?? membersFault(given, expectedOf(request, secrets) ?? {}),
};
