import { alphanumeric, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { twitchVerification } from '../handshakes/twitch.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

/** Types of which the first version is no longer offered (twurple's types, 2026-11). */
const SECOND_VERSION = new Set(['channel.follow', 'channel.update', 'channel.hype_train.begin']);

export default defineProvider({
  id: 'twitch',
  title: 'Twitch EventSub',
  docs: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/',
  schemes: [
    hmac({
      id: 'twitch',
      header: 'Twitch-Eventsub-Message-Signature',
      prefix: 'sha256=',
      signs: [{ eventId: 'Twitch-Eventsub-Message-Id' }, 'timestamp', 'body'],
      timestamp: {
        header: 'Twitch-Eventsub-Message-Timestamp',
        format: 'rfc3339',
        toleranceMs: 600_000,
        refuseEarly: false,
      },
    }),
  ],
  secret: {
    env: ['TWITCH_EVENTSUB_SECRET', 'TWITCH_WEBHOOK_SECRET'],
    kind: 'secret of the subscription (10 to 100 ASCII characters, chosen by you)',
    generate: (random) => alphanumeric(32, random),
  },
  identify: { headers: { 'twitch-eventsub-message-signature': true } },
  event: {
    type: [inHeader('Twitch-Eventsub-Subscription-Type')],
    id: inHeader('Twitch-Eventsub-Message-Id'),
    fallback: { type: [inJson('subscription.type')] },
  },
  eventId: uuid,
  headers: [
    // Recalled, 2026-11.
    ['User-Agent', 'Go-http-client/1.1'],
    ['Twitch-Eventsub-Message-Retry', '0'],
    ['Twitch-Eventsub-Message-Type', 'notification'],
    ['Content-Type', 'application/json'],
  ],
  headersOf: (event) => [
    ['Twitch-Eventsub-Subscription-Version', SECOND_VERSION.has(event) ? '2' : '1'],
  ],
  // "A few seconds" is all the documentation says, and that it tries again; ten seconds are what
  // Twitch's own CLI waits (both read 2026-11). That retries end is known only from the ten minutes
  // after which a message is to be refused as too old.
  deadlineMs: 10_000,
  retries: { kind: 'backoff', forMs: 600_000 },
  bodyStyle: 'compact',
  handshakes: [twitchVerification],
});
