import { hex, uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'heroku',
  title: 'Heroku',
  docs: 'https://devcenter.heroku.com/articles/app-webhooks',
  schemes: [
    // The header's name as third parties have it, base64 recalled (2026-11).
    hmac({ id: 'heroku', header: 'Heroku-Webhook-Hmac-SHA256', encoding: 'base64' }),
  ],
  secret: {
    env: ['HEROKU_WEBHOOK_SECRET'],
    kind: "the webhook's secret, chosen by you or told once when it is made",
    generate: (random) => hex(64, random),
  },
  identify: { headers: { 'heroku-webhook-hmac-sha256': true } },
  event: {
    type: [inJson('resource'), inJson('action')],
    id: inJson('webhook_metadata.event.id'),
    delivery: inJson('webhook_metadata.delivery.id'),
    fallback: { type: [], id: inJson('id') },
  },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Heroku-Webhooks'],
    ['Content-Type', 'application/json'],
  ],
  // No deadline is published. Level `sync` is tried again, level `notify` is not (third-party text, 2026-11); the schedule is
  // not published.
  retries: { kind: 'none' },
  bodyStyle: 'compact',
});
