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
    ['User-Agent', 'PayPal/AUHD-214.0-{{int:8}}'],
    ['Accept', '*/*'],
    ['PAYPAL-AUTH-VERSION', 'v2'],
    ['CORRELATION-ID', '{{hex:13}}'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: up to 25 retries within three days.
  retries: { kind: 'backoff', forMs: 3 * 86_400_000 },
  bodyStyle: 'compact',
});
