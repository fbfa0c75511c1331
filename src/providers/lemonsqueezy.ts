import { alphanumeric, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

// All of it recalled (2026-11); no address of its servers is known. Bodies are the resources of the
// API (npm @lemonsqueezy/lemonsqueezy.js 4.0).
export default defineProvider({
  id: 'lemonsqueezy',
  title: 'Lemon Squeezy',
  docs: 'https://docs.lemonsqueezy.com/help/webhooks',
  schemes: [hmac({ id: 'lemonsqueezy', header: 'X-Signature' })],
  secret: {
    env: [
      'LEMONSQUEEZY_WEBHOOK_SECRET',
      'LEMON_SQUEEZY_WEBHOOK_SECRET',
      'LEMONSQUEEZY_SIGNING_SECRET',
      'LEMON_SQUEEZY_SIGNING_SECRET',
    ],
    kind: 'signing secret, chosen by you, 6 to 40 characters',
    generate: (random) => alphanumeric(32, random),
  },
  identify: { headers: { 'x-event-name': true, 'x-signature': true } },
  event: {
    type: [inHeader('X-Event-Name')],
    id: inJson('meta.webhook_id'),
    fallback: { type: [inJson('meta.event_name')] },
  },
  eventId: uuid,
  headers: [
    ['Content-Type', 'application/json'],
    ['X-Event-Name', '{{type}}'],
  ],
  retries: { kind: 'delays', delaysMs: [5_000, 25_000, 125_000] },
  bodyStyle: 'compact',
});
