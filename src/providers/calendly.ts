import { alphanumeric, uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { timestampedHmac } from '../schemes/timestamped-hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'calendly',
  title: 'Calendly',
  docs: 'https://developer.calendly.com/receive-data-from-scheduled-events-in-real-time-with-webhook-subscriptions',
  schemes: [
    timestampedHmac({
      id: 'calendly',
      header: 'Calendly-Webhook-Signature',
      names: { timestamp: 't', signature: 'v1' },
      separator: ',',
      joint: '.',
      // Three minutes, and only backwards, in the documentation's sample (2026-11).
      toleranceMs: 180_000,
      refuseEarly: false,
    }),
  ],
  secret: {
    env: ['CALENDLY_WEBHOOK_SIGNING_KEY', 'CALENDLY_WEBHOOK_SECRET'],
    kind: 'signing key of the webhook subscription',
    generate: (random) => alphanumeric(43, random),
  },
  identify: { headers: { 'calendly-webhook-signature': true } },
  // Events carry no id.
  event: { type: [inJson('event')] },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Calendly'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // The documentation gives 15 seconds to answer; a day of retries is recalled, 2026-11.
  deadlineMs: 15_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
});
