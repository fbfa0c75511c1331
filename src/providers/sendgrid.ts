import { alphanumeric } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { ecdsaSignature } from '../schemes/ecdsa.ts';
import { p256DerPair as keys } from '../schemes/key-pair.ts';
import { defineProvider } from './define-provider.ts';
import { keptPair } from './secret.ts';

export default defineProvider({
  id: 'sendgrid',
  title: 'Twilio SendGrid',
  docs: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event',
  schemes: [
    // @sendgrid/eventwebhook has no tolerance (read 2026-11).
    ecdsaSignature({
      id: 'sendgrid',
      header: 'X-Twilio-Email-Event-Webhook-Signature',
      timestampHeader: 'X-Twilio-Email-Event-Webhook-Timestamp',
    }),
  ],
  secret: {
    env: [
      'SENDGRID_WEBHOOK_PUBLIC_KEY',
      'SENDGRID_WEBHOOK_VERIFICATION_KEY',
      'SENDGRID_VERIFICATION_KEY',
    ],
    kind: 'verification key (base64), or a private P-256 key in PEM to sign with',
    ...keptPair(keys),
  },
  identify: { headers: { 'x-twilio-email-event-webhook-signature': true } },
  // A request brings several events; the first one stands for them.
  event: { type: [inJson('0.event')], id: inJson('0.sg_event_id') },
  eventId: (random) => alphanumeric(22, random),
  headers: [
    // As third parties show captured deliveries (2026-11).
    ['User-Agent', 'SendGrid Event API'],
    ['Accept-Encoding', 'gzip'],
    ['Content-Type', 'application/json;charset=utf-8'],
  ],
  // Recalled, 2026-11: repeated for up to 24 hours until a 2xx.
  retries: { kind: 'backoff', forMs: 24 * 3_600_000 },
  bodyStyle: 'lines',
});
