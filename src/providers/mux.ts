import { alphanumeric, uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { timestampedHmac } from '../schemes/timestamped-hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'mux',
  title: 'Mux',
  docs: 'https://www.mux.com/docs/core/listen-for-webhooks',
  schemes: [
    timestampedHmac({
      id: 'mux',
      header: 'Mux-Signature',
      names: { timestamp: 't', signature: 'v1' },
      separator: ',',
      joint: '.',
      // The SDK compares only the age (read 2026-11).
      refuseEarly: false,
    }),
  ],
  secret: {
    env: ['MUX_WEBHOOK_SECRET', 'MUX_WEBHOOK_SIGNING_SECRET'],
    kind: 'signing secret of the webhook',
    generate: (random) => alphanumeric(32, random).toLowerCase(),
  },
  identify: { headers: { 'mux-signature': true } },
  event: { type: [inJson('type')], id: inJson('id') },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Mux Webhooks'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: tried again for a day; the deadline is not published.
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
});
