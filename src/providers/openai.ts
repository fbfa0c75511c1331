import { hex } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { base64Key, type SecretKey, textKey } from '../schemes/secret-key.ts';
import { standardWebhooksWith } from '../schemes/standard-webhooks.ts';
import { defineProvider } from './define-provider.ts';

const base64 = base64Key('whsec_');

/** Base64 behind `whsec_`, else the text itself: npm openai 6.49 (read 2026-11). */
const keyOf = (secret: string): SecretKey => (secret.startsWith('whsec_') ? base64 : textKey);

export default defineProvider({
  id: 'openai',
  title: 'OpenAI',
  docs: 'https://platform.openai.com/docs/guides/webhooks',
  schemes: [
    standardWebhooksWith({
      fault: (secret) => keyOf(secret).fault(secret),
      bytes: (secret) => keyOf(secret).bytes(secret),
    }),
  ],
  secret: {
    env: ['OPENAI_WEBHOOK_SECRET', 'OPENAI_WEBHOOK_SIGNING_SECRET'],
    kind: 'webhook signing secret (whsec_…)',
    generate: (random) => `whsec_${Buffer.from(random.bytes(32)).toString('base64')}`,
  },
  identify: {
    headers: { 'webhook-id': true, 'webhook-signature': true },
    body: [
      [inJson('object'), /^event$/],
      [inJson('type'), /^(?:batch|eval|fine_tuning|realtime|response|live)\./],
    ],
  },
  event: {
    type: [inJson('type')],
    id: inHeader('webhook-id'),
    fallback: { type: [], id: inJson('id') },
  },
  eventId: (random) => `wh_${hex(32, random)}`,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // No deadline is published; further attempts with growing waits for 72 hours (recalled, 2026-11).
  retries: { kind: 'backoff', forMs: 72 * 3_600_000 },
  bodyStyle: 'compact',
});
