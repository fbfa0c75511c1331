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
    // Recalled (2026-11).
    ['User-Agent', 'WorkOS'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: up to six tries with growing waits in three days.
  retries: { kind: 'backoff', forMs: 3 * 86_400_000 },
  bodyStyle: 'compact',
  sourceIps: {
    // Third-party code that cites the documentation (read 2026-11); there is no list for programs.
    ranges: [
      '3.217.146.166/32',
      '23.21.184.92/32',
      '34.204.154.149/32',
      '44.213.245.178/32',
      '44.215.236.82/32',
      '50.16.203.9/32',
      '52.1.251.34/32',
      '52.21.49.187/32',
      '174.129.36.47/32',
    ],
    asOf: '2026-11-25',
  },
});
