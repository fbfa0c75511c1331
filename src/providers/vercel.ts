import { alphanumeric } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'vercel',
  title: 'Vercel',
  docs: 'https://vercel.com/docs/webhooks/webhooks-api',
  // SHA-1 and no timestamp: several copies of Vercel's own example by third parties (2026-11).
  schemes: [hmac({ id: 'vercel', header: 'x-vercel-signature', algorithm: 'sha1' })],
  secret: {
    env: ['VERCEL_WEBHOOK_SECRET', 'WEBHOOK_INTEGRATION_SECRET', 'VERCEL_CLIENT_SECRET'],
    kind: "webhook secret, shown once when it is made, or the integration's client secret",
    generate: (random) => alphanumeric(24, random),
  },
  identify: { headers: { 'x-vercel-signature': true } },
  event: { type: [inJson('type')], id: inJson('id') },
  eventId: (random) => `uev_${alphanumeric(24, random)}`,
  headers: [
    ['Content-Type', 'application/json'],
    ['Accept', '*/*'],
  ],
  // Recalled (2026-11): thirty seconds, and further attempts for up to a day.
  deadlineMs: 30_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
});
