import { uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

/** One header for each active key of the account. */
const HEADERS = Array.from({ length: 10 }, (_, i) => `X-DocuSign-Signature-${i + 1}`);

export default defineProvider({
  id: 'docusign',
  title: 'DocuSign Connect',
  docs: 'https://developers.docusign.com/platform/webhooks/connect/hmac/',
  schemes: [hmac({ id: 'docusign', header: HEADERS, encoding: 'base64' })],
  secret: {
    env: ['DOCUSIGN_HMAC_KEY', 'DOCUSIGN_HMAC_SECRET', 'DOCUSIGN_CONNECT_HMAC_KEY'],
    kind: 'Connect HMAC key; the text itself, though it looks like base64',
    generate: (random) => Buffer.from(random.bytes(32)).toString('base64'),
  },
  identify: { headers: { 'x-docusign-signature-1': true } },
  event: { type: [inJson('event')] },
  eventId: uuid,
  headers: [
    ['Content-Type', 'application/json; charset=utf-8'],
    ['x-authorization-digest', 'HMACSHA256'],
  ],
  // Recalled (2026-11): a hundred seconds, and further attempts for a day and more.
  deadlineMs: 100_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
});
