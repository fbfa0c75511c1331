import { alphanumeric } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'razorpay',
  title: 'Razorpay',
  docs: 'https://razorpay.com/docs/webhooks/',
  schemes: [hmac({ id: 'razorpay', header: 'X-Razorpay-Signature' })],
  secret: {
    env: ['RAZORPAY_WEBHOOK_SECRET'],
    kind: 'webhook secret, chosen by you; not the key secret of the API',
    generate: (random) => alphanumeric(32, random),
  },
  identify: { headers: { 'x-razorpay-signature': true } },
  event: { type: [inJson('event')], id: inHeader('X-Razorpay-Event-Id') },
  eventId: (random) => alphanumeric(14, random),
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Razorpay-Webhook/v1'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled (2026-11): five seconds, and further attempts with growing waits for a day.
  deadlineMs: 5_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
});
