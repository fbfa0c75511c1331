import { alphanumeric } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { paypalCert, paypalSecret } from '../schemes/paypal-cert.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'paypal',
  title: 'PayPal',
  docs: 'https://developer.paypal.com/api/rest/webhooks/',
  schemes: [paypalCert],
  secret: {
    env: ['PAYPAL_WEBHOOK_ID'],
    kind: 'webhook id (WEBHOOK_ID for the simulator), or a private RSA key in PEM to sign with',
    ...paypalSecret,
  },
  identify: { headers: { 'paypal-transmission-id': true, 'paypal-transmission-sig': true } },
  event: {
    type: [inJson('event_type')],
    id: inJson('id'),
    delivery: inHeader('PAYPAL-TRANSMISSION-ID'),
  },
  eventId: (random) =>
    `WH-${alphanumeric(17, random).toUpperCase()}-${alphanumeric(17, random).toUpperCase()}`,
  headers: [
    // All of these as in captures by several third parties (2024, seen 2026-11).
    ['User-Agent', 'PayPal/AUHD-214.0-58391792'],
    ['Accept', '*/*'],
    ['PAYPAL-AUTH-VERSION', 'v2'],
    ['CORRELATION-ID', '{{hex:13:delivery}}'],
    ['X-B3-SpanId', '{{hex:16:delivery}}'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: up to 25 retries within three days. No deadline is published, and of the
  // addresses PayPal publishes none is said to send webhooks.
  retries: { kind: 'backoff', forMs: 3 * 86_400_000 },
  bodyStyle: 'compact',
});
