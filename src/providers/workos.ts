import { alphanumeric } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { timestampedHmac } from '../schemes/timestamped-hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'workos',
  title: 'WorkOS',
  docs: 'https://workos.com/docs/events/data-syncing/webhooks',
  schemes: [
    timestampedHmac({
      id: 'workos',
      header: 'WorkOS-Signature',
      names: { timestamp: 't', signature: 'v1' },
      separator: ', ',
      joint: '.',
      format: 'ms',
      // Three minutes, and only backwards, in the SDK (@workos-inc/node 8, read 2026-11).
      toleranceMs: 180_000,
      refuseEarly: false,
      exact: true,
    }),
  ],
  secret: {
    env: ['WORKOS_WEBHOOK_SECRET'],
    kind: 'signing secret of the webhook endpoint',
    generate: (random) => alphanumeric(25, random),
  },
  identify: { headers: { 'workos-signature': true } },
  event: { type: [inJson('event')], id: inJson('id') },
  eventId: (random) => `event_01${alphanumeric(24, random).toUpperCase()}`,
  headers: [
    ['User-Agent', 'WorkOS'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: up to six tries with growing waits in three days.
  retries: { kind: 'backoff', forMs: 3 * 86_400_000 },
  bodyStyle: 'compact',
});
