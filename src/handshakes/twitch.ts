import { headerValue } from '../core/headers.ts';
import { alphanumeric, digits, uuid } from '../core/ids.ts';
import type { Handshake, RawRequest } from '../core/types.ts';
import { textAnswer } from './answer.ts';
import { challengeJson, jsonChallenge, textIn } from './challenge.ts';

const TYPE = 'webhook_callback_verification';

const challengeOf = (request: RawRequest): string | undefined =>
  headerValue(request.headers, 'Twitch-Eventsub-Message-Type') === TYPE
    ? textIn(challengeJson(request, 'challenge'), 'challenge')
    : undefined;

/**
 * What comes first of a subscription; its challenge is to be given back as raw text.
 * https://dev.twitch.tv/docs/eventsub/handling-webhook-events/ (2026-11)
 */
export const twitchVerification: Handshake = {
  id: TYPE,
  isSigned: true,
  recognise: (request) => challengeOf(request) !== undefined,
  answer: (request) => textAnswer(challengeOf(request) ?? ''),
  challenge: (url, { random, at }) =>
    jsonChallenge(
      url,
      {
        challenge: alphanumeric(43, random),
        subscription: {
          id: uuid(random),
          status: `${TYPE}_pending`,
          type: 'channel.follow',
          version: '2',
          cost: 0,
          condition: {
            broadcaster_user_id: String(digits(8, random)),
            moderator_user_id: String(digits(8, random)),
          },
          transport: { method: 'webhook', callback: url },
          created_at: at.toISOString(),
        },
      },
      [
        ['Accept', '*/*'],
        ['Twitch-Eventsub-Message-Id', uuid(random)],
        ['Twitch-Eventsub-Message-Retry', '0'],
        ['Twitch-Eventsub-Message-Type', TYPE],
        ['Twitch-Eventsub-Subscription-Type', 'channel.follow'],
        ['Twitch-Eventsub-Subscription-Version', '2'],
      ],
    ),
};
