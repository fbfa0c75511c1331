import { alphanumeric, uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { notionVerification } from '../handshakes/notion.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'notion',
  title: 'Notion',
  docs: 'https://developers.notion.com/reference/webhooks',
  schemes: [
    hmac({
      id: 'notion',
      header: 'X-Notion-Signature',
      prefix: 'sha256=',
      // @notionhq/client 5.26 takes hex in either case (read 2026-11).
      anyCase: true,
    }),
  ],
  secret: {
    env: [
      'NOTION_WEBHOOK_VERIFICATION_TOKEN',
      'NOTION_VERIFICATION_TOKEN',
      'NOTION_WEBHOOK_SECRET',
    ],
    kind: 'verification token (secret_…) that Notion sends when the subscription is made',
    generate: (random) => `secret_${alphanumeric(43, random)}`,
  },
  identify: {
    headers: { 'x-notion-signature': true },
    or: { headers: {}, body: [[inJson('verification_token'), /^secret_/]] },
  },
  event: { type: [inJson('type')], id: inJson('id') },
  eventId: uuid,
  headers: [
    ['Content-Type', 'application/json'],
    ['Accept', '*/*'],
  ],
  // No deadline is published; up to eight attempts, the last after about a day (recalled, 2026-11).
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
  handshakes: [notionVerification],
});
