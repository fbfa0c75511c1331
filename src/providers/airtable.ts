import { uuid } from '../core/ids.ts';
import { hmac } from '../schemes/hmac.ts';
import { base64Key } from '../schemes/secret-key.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'airtable',
  title: 'Airtable',
  docs: 'https://airtable.com/developers/web/api/webhooks-overview',
  schemes: [
    hmac({
      id: 'airtable',
      header: 'X-Airtable-Content-MAC',
      prefix: 'hmac-sha256=',
      key: base64Key(''),
    }),
  ],
  secret: {
    env: ['AIRTABLE_MAC_SECRET_BASE64', 'AIRTABLE_MAC_SECRET', 'AIRTABLE_WEBHOOK_SECRET'],
    kind: 'macSecretBase64, told once in the answer to the call that makes the webhook',
    generate: (random) => Buffer.from(random.bytes(64)).toString('base64'),
  },
  identify: { headers: { 'x-airtable-content-mac': true } },
  // A notification says only that there is something new; what, is asked of the API.
  event: { type: [], typeOf: () => 'notification' },
  eventId: uuid,
  headers: [
    // As in one capture by a third party (2026-11).
    ['User-Agent', 'Airtable Webhooks'],
    ['Content-Type', 'application/json'],
  ],
  // Deadline and waits are not published; notifications that keep failing end after a week, when
  // the webhook expires (documentation, 2026-11).
  retries: { kind: 'backoff', forMs: 7 * 86_400_000 },
  success: '200 or 204 with an empty body',
  bodyStyle: 'compact',
});
