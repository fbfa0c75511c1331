import { alphanumeric } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'typeform',
  title: 'Typeform',
  docs: 'https://www.typeform.com/developers/webhooks/',
  // As third-party code has it (2026-11).
  schemes: [
    hmac({ id: 'typeform', header: 'Typeform-Signature', encoding: 'base64', prefix: 'sha256=' }),
  ],
  secret: {
    env: ['TYPEFORM_WEBHOOK_SECRET', 'TYPEFORM_SECRET', 'TYPEFORM_SIGNING_SECRET'],
    kind: 'webhook secret, chosen by you',
    generate: (random) => alphanumeric(40, random),
  },
  identify: { headers: { 'typeform-signature': true } },
  event: { type: [inJson('event_type')], id: inJson('event_id') },
  eventId: (random) => `01${alphanumeric(24, random).toUpperCase()}`,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Typeform Webhooks'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled (2026-11): thirty seconds; further attempts every few minutes for ten hours.
  deadlineMs: 30_000,
  retries: { kind: 'backoff', forMs: 10 * 3_600_000 },
  success: 'any 2xx; 404 and 410 disable the webhook',
  bodyStyle: 'compact',
});
