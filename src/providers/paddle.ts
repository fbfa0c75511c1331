import { alphanumeric } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { timestampedHmac } from '../schemes/timestamped-hmac.ts';
import { defineProvider } from './define-provider.ts';

const id26 = (random: Parameters<typeof alphanumeric>[1]) =>
  `01${alphanumeric(24, random).toLowerCase()}`;

export default defineProvider({
  id: 'paddle',
  title: 'Paddle Billing',
  docs: 'https://developer.paddle.com/webhooks/overview',
  schemes: [
    timestampedHmac({
      id: 'paddle',
      header: 'Paddle-Signature',
      names: { timestamp: 'ts', signature: 'h1' },
      separator: ';',
      joint: ':',
      // Five seconds, and only backwards, in the SDK (@paddle/paddle-node-sdk 3.10, read 2026-11).
      toleranceMs: 5_000,
      refuseEarly: false,
      exact: true,
    }),
  ],
  secret: {
    env: ['PADDLE_WEBHOOK_SECRET', 'PADDLE_NOTIFICATION_WEBHOOK_SECRET', 'PADDLE_ENDPOINT_SECRET'],
    kind: 'secret key of the notification destination (pdl_ntfset_…)',
    generate: (random) => `pdl_ntfset_${id26(random)}_${alphanumeric(32, random)}`,
  },
  identify: { headers: { 'paddle-signature': true } },
  event: {
    type: [inJson('event_type')],
    id: inJson('event_id'),
    delivery: inJson('notification_id'),
  },
  eventId: (random) => `evt_${id26(random)}`,
  headers: [
    // Recalled, 2026-11.
    ['User-Agent', 'Paddle'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // Documented (2026-11): five seconds; live accounts are tried again 60 times in three days.
  deadlineMs: 5_000,
  retries: { kind: 'backoff', forMs: 3 * 86_400_000 },
  bodyStyle: 'compact',
  sourceIps: {
    // Live, then sandbox accounts, as Paddle documents them (read 2026-11).
    ranges: [
      '34.232.58.13/32',
      '34.195.105.136/32',
      '34.237.3.244/32',
      '35.155.119.135/32',
      '52.11.166.252/32',
      '34.212.5.7/32',
      '34.194.127.46/32',
      '54.234.237.108/32',
      '3.208.120.145/32',
      '44.226.236.210/32',
      '44.241.183.62/32',
      '100.20.172.113/32',
    ],
    asOf: '2026-11-25',
  },
});
