import { alphanumeric, hex } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'line',
  title: 'LINE',
  docs: 'https://developers.line.biz/en/docs/messaging-api/receiving-messages/',
  schemes: [hmac({ id: 'line', header: 'x-line-signature', encoding: 'base64' })],
  secret: {
    env: ['LINE_CHANNEL_SECRET', 'LINE_BOT_CHANNEL_SECRET', 'LINE_SECRET'],
    kind: 'channel secret',
    generate: (random) => hex(32, random),
  },
  identify: { headers: { 'x-line-signature': true } },
  // One request may bring several events; it is named after the first.
  event: { type: [inJson('events.0.type')], id: inJson('events.0.webhookEventId') },
  eventId: (random) => `01${alphanumeric(24, random).toUpperCase()}`,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'LineBotWebhook/2.0'],
    ['Content-Type', 'application/json; charset=utf-8'],
  ],
  // No deadline is published; redelivery is off until it is switched on (recalled, 2026-11).
  retries: { kind: 'none' },
  bodyStyle: 'compact',
});
