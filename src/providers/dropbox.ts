import { hex, uuid } from '../core/ids.ts';
import { dropboxChallenge } from '../handshakes/dropbox.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'dropbox',
  title: 'Dropbox',
  docs: 'https://www.dropbox.com/developers/reference/webhooks',
  // As third-party text cites the documentation (2026-11).
  schemes: [hmac({ id: 'dropbox', header: 'X-Dropbox-Signature' })],
  secret: {
    env: ['DROPBOX_APP_SECRET', 'DROPBOX_CLIENT_SECRET', 'DROPBOX_WEBHOOK_SECRET'],
    kind: 'app secret',
    generate: (random) => hex(15, random),
  },
  identify: { headers: { 'x-dropbox-signature': true } },
  // A notification names accounts in which something changed; what, is asked of the API.
  event: {
    type: [],
    typeOf: (payload) =>
      typeof payload === 'object' && payload !== null ? Object.keys(payload)[0] : undefined,
  },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'DropboxWebhooks/1.0'],
    ['Content-Type', 'application/json'],
  ],
  // Ten seconds; what is not answered is tried again with growing waits (recalled, 2026-11).
  deadlineMs: 10_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
  handshakes: [dropboxChallenge],
});
