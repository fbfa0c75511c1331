import { alphanumeric, uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'square',
  title: 'Square',
  docs: 'https://developer.squareup.com/docs/webhooks/overview',
  schemes: [
    hmac({
      id: 'square',
      header: 'x-square-hmacsha256-signature',
      encoding: 'base64',
      // The URL letter for letter as it is in the Developer Console.
      signs: ['url', 'body'],
    }),
  ],
  secret: {
    env: ['SQUARE_WEBHOOK_SIGNATURE_KEY', 'SQUARE_SIGNATURE_KEY'],
    kind: 'signature key of the webhook subscription',
    generate: (random) => alphanumeric(22, random),
  },
  identify: { headers: { 'x-square-hmacsha256-signature': true } },
  event: { type: [inJson('type')], id: inJson('event_id') },
  eventId: uuid,
  headers: [
    // As third parties have seen it (2026-11).
    ['User-Agent', 'Square Connect v2'],
    ['Accept', '*/*'],
    // Recalled, 2026-11.
    ['square-environment', 'Sandbox'],
    ['square-initial-delivery-timestamp', '{{iso}}'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: ten seconds; that retries end after a day is documented.
  deadlineMs: 10_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
  sourceIps: {
    // Production, then sandbox, as Square's staff names them in its forum (read 2026-11).
    ranges: ['54.245.1.154/32', '34.202.99.168/32', '54.212.177.79/32', '107.20.218.8/32'],
    asOf: '2026-11-25',
  },
});
