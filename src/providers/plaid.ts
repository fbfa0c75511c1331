import { alphanumeric } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { ES256, jws } from '../schemes/jws.ts';
import { p256PemPair as keys } from '../schemes/key-pair.ts';
import { FIVE_MINUTES } from '../schemes/timestamp.ts';
import { defineProvider } from './define-provider.ts';
import { keptPair } from './secret.ts';

export default defineProvider({
  id: 'plaid',
  title: 'Plaid',
  docs: 'https://plaid.com/docs/api/webhooks/',
  schemes: [
    jws({
      id: 'plaid',
      header: 'Plaid-Verification',
      algorithm: ES256,
      bodyHash: 'request_body_sha256',
      toleranceMs: FIVE_MINUTES,
    }),
  ],
  secret: {
    // A handler asks Plaid for the key by the `kid` of the token; a test has to give it ours.
    env: ['PLAID_WEBHOOK_PUBLIC_KEY', 'PLAID_WEBHOOK_VERIFICATION_KEY'],
    kind: 'public key (PEM or JWK), or a private P-256 key in PEM to sign with',
    ...keptPair(keys),
  },
  identify: { headers: { 'plaid-verification': true } },
  // Nothing names the event; a handler goes by the item.
  event: { type: [inJson('webhook_type'), inJson('webhook_code')] },
  eventId: (random) => alphanumeric(37, random),
  headers: [
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: 10 seconds, and up to six retries within 24 hours.
  deadlineMs: 10_000,
  retries: { kind: 'backoff', forMs: 24 * 3_600_000 },
  bodyStyle: 'pretty',
  sourceIps: {
    // The documentation as third parties cite it (read 2026-11); there is no list for programs.
    ranges: ['52.21.26.131/32', '52.21.47.157/32', '52.41.247.19/32', '52.88.82.239/32'],
    asOf: '2026-11-25',
  },
});
