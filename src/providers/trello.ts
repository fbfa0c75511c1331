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
    // Recalled (2026-11).
    ['User-Agent', 'Trello'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // The deadline is not published; the waits are recalled, 2026-11.
  retries: { kind: 'delays', delaysMs: [30_000, 60_000, 120_000] },
  success: 'any 2xx; 410 deletes the webhook',
  bodyStyle: 'compact',
  handshakes: [trelloHead],
  sourceIps: {
    // What Atlassian lists for Trello, its content network left out (third-party copy, read 2026-11).
    // The address has all of Atlassian; those with the product `trello` and the direction `egress` count.
    ranges: [
      '104.192.136.0/21',
      '185.166.140.0/22',
      '13.52.5.96/28',
      '13.236.8.224/28',
      '18.136.214.96/28',
      '18.184.99.224/28',
      '18.234.32.224/28',
      '18.246.31.224/28',
      '52.215.192.224/28',
      '2401:1d80:3000::/36',
    ],
    asOf: '2026-11-25',
    url: 'https://ip-ranges.atlassian.com/',
  },
});
