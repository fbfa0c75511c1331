import { uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { xeroIntentToReceive } from '../handshakes/xero.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'xero',
  title: 'Xero',
  docs: 'https://developer.xero.com/documentation/guides/webhooks/overview/',
  // The key looks like base64, but is used as it is (third-party code, 2026-11).
  schemes: [hmac({ id: 'xero', header: 'x-xero-signature', encoding: 'base64' })],
  secret: {
    env: ['XERO_WEBHOOK_KEY', 'XERO_WEBHOOK_SECRET', 'XERO_WEBHOOK_SIGNING_KEY'],
    kind: 'webhooks key; the text itself, though it looks like base64',
    generate: (random) => Buffer.from(random.bytes(64)).toString('base64'),
  },
  identify: { headers: { 'x-xero-signature': true } },
  event: { type: [inJson('events.0.eventCategory'), inJson('events.0.eventType')] },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Xero'],
    ['Content-Type', 'application/json'],
  ],
  // Five seconds; further attempts with growing waits for a day (recalled, 2026-11).
  deadlineMs: 5_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  success: 'exactly 200',
  bodyStyle: 'compact',
  handshakes: [xeroIntentToReceive],
});
