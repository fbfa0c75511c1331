import { hex } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { trelloHead } from '../handshakes/trello.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'trello',
  title: 'Trello',
  docs: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/',
  schemes: [
    hmac({
      id: 'trello',
      header: 'X-Trello-Webhook',
      algorithm: 'sha1',
      encoding: 'base64',
      // The callback URL as it was given when the webhook was made (third-party, 2026-11).
      signs: ['body', 'url'],
    }),
  ],
  secret: {
    env: ['TRELLO_API_SECRET', 'TRELLO_OAUTH_SECRET', 'TRELLO_SECRET'],
    kind: 'OAuth 1.0 secret of the application (64 hex digits)',
    generate: (random) => hex(64, random),
  },
  identify: { headers: { 'x-trello-webhook': true } },
  event: { type: [inJson('action.type')], id: inJson('action.id') },
  eventId: (random) => hex(24, random),
  headers: [
    ['User-Agent', 'Trello'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // The deadline is not published; the waits are recalled, 2026-11.
  retries: { kind: 'delays', delaysMs: [30_000, 60_000, 120_000] },
  success: 'any 2xx; 410 deletes the webhook',
  bodyStyle: 'compact',
  handshakes: [trelloHead],
});
