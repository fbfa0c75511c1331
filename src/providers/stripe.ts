import { alphanumeric } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { timestampedHmac } from '../schemes/timestamped-hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'stripe',
  title: 'Stripe',
  docs: 'https://docs.stripe.com/webhooks',
  schemes: [
    timestampedHmac({
      id: 'stripe',
      header: 'Stripe-Signature',
      names: { timestamp: 't', signature: 'v1' },
      separator: ',',
      joint: '.',
      // stripe-node 23.1 compares only the age, so a time ahead of the clock passes (read 2026-11).
      refuseEarly: false,
    }),
  ],
  secret: {
    env: ['STRIPE_WEBHOOK_SECRET', 'STRIPE_WEBHOOK_SIGNING_SECRET', 'STRIPE_ENDPOINT_SECRET'],
    kind: 'signing secret (whsec_…)',
    // The whole text is the key, the prefix too; it is not base64 (stripe-node 23.1, 2026-11).
    generate: (random) => `whsec_${alphanumeric(32, random)}`,
  },
  identify: { headers: { 'stripe-signature': true } },
  event: { type: [inJson('type')], id: inJson('id') },
  eventId: (random) => `evt_1${alphanumeric(23, random)}`,
  headers: [
    ['User-Agent', 'Stripe/1.0 (+https://stripe.com/docs/webhooks)'],
    ['Accept', '*/*'],
    ['Cache-Control', 'no-cache'],
    ['Content-Type', 'application/json; charset=utf-8'],
  ],
  // The deadline is not published; retries as third parties cite the documentation (2026-11):
  // up to three days in live mode, with growing waits.
  retries: { kind: 'backoff', forMs: 3 * 86_400_000 },
  bodyStyle: 'pretty',
  sourceIps: {
    // Recalled, 2026-11; the address has them as they are.
    ranges: [
      '3.18.12.63/32',
      '3.130.192.231/32',
      '13.235.14.237/32',
      '13.235.122.149/32',
      '18.211.135.69/32',
      '35.154.171.200/32',
      '52.15.183.38/32',
      '54.88.130.119/32',
      '54.88.130.237/32',
      '54.187.174.169/32',
      '54.187.205.235/32',
      '54.187.216.72/32',
    ],
    asOf: '2026-11-25',
    url: 'https://stripe.com/files/ips/ips_webhooks.json',
  },
});
