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
  // Five seconds, and further attempts with growing waits for a day: razorpay/markdown-docs (read
  // 2026-11).
  deadlineMs: 5_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
  sourceIps: {
    // razorpay/markdown-docs (read 2026-11), for India; there is no list for programs.
    ranges: [
      '52.66.75.174/32',
      '52.66.76.63/32',
      '52.66.151.218/32',
      '35.154.217.40/32',
      '35.154.22.73/32',
      '35.154.143.15/32',
      '13.126.199.247/32',
      '13.126.238.192/32',
      '13.232.194.134/32',
      '18.96.225.0/26',
      '18.99.161.0/26',
    ],
    asOf: '2026-11-25',
  },
});
