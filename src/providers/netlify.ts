import { hex } from '../core/ids.ts';
import { inHeader } from '../core/place.ts';
import { HS256, jws } from '../schemes/jws.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'netlify',
  title: 'Netlify',
  docs: 'https://docs.netlify.com/site-deploys/notifications/',
  schemes: [
    // The names of the claims are third-party (code that verifies them, 2026-11).
    jws({
      id: 'netlify-jws',
      header: 'X-Webhook-Signature',
      algorithm: HS256,
      typ: false,
      issuer: 'netlify',
      bodyHash: 'sha256',
    }),
  ],
  secret: {
    env: ['NETLIFY_WEBHOOK_SECRET', 'NETLIFY_JWS_SECRET', 'NETLIFY_WEBHOOK_SIGNATURE_SECRET'],
    kind: 'JWS secret token, chosen by you when the notification is made',
    generate: (random) => hex(40, random),
  },
  identify: { headers: { 'x-netlify-event': true } },
  // The id in the body is the deploy's, the same from its start to its end.
  event: { type: [inHeader('X-Netlify-Event')] },
  eventId: (random) => hex(24, random),
  headers: [
    ['Accept', '*/*'],
    // As code of third parties reads it (2026-11).
    ['X-Netlify-Event', '{{type}}'],
    ['Content-Type', 'application/json'],
  ],
  // Neither deadline nor repetitions are published; a hook that failed six times is disabled
  // (recalled, 2026-11).
  retries: { kind: 'none' },
  bodyStyle: 'compact',
});
