import { alphanumeric } from '../core/ids.ts';
import type { Handshake } from '../core/types.ts';
import { emptyAnswer } from './answer.ts';
import { challengeJson, jsonChallenge } from './challenge.ts';

/**
 * The intent to receive: some empty lists of events, one of them rightly signed and the others not. A
 * receiver tells them apart by 200 and 401, without a body.
 * https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/ (2026-11)
 */
export const xeroIntentToReceive: Handshake = {
  id: 'intent-to-receive',
  isSigned: true,
  refusal: 401,
  recognise(request) {
    const payload = challengeJson(request, 'entropy');
    return (
      Array.isArray(payload?.events) &&
      payload.events.length === 0 &&
      payload.firstEventSequence === 0 &&
      payload.lastEventSequence === 0
    );
  },
  answer: () => emptyAnswer(200),
  challenge: (url, { random }) =>
    jsonChallenge(
      url,
      {
        events: [],
        firstEventSequence: 0,
        lastEventSequence: 0,
        entropy: alphanumeric(20, random).toUpperCase(),
      },
      [['Accept', '*/*']],
    ),
};
