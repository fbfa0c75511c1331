import { alphanumeric, hex } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { adyenItemHmac } from '../schemes/adyen.ts';
import { hmac } from '../schemes/hmac.ts';
import { hexKey } from '../schemes/secret-key.ts';
import { defineProvider } from './define-provider.ts';

const ITEM = 'notificationItems.0.NotificationRequestItem';

export default defineProvider({
  id: 'adyen',
  title: 'Adyen',
  docs: 'https://docs.adyen.com/development-resources/webhooks/',
  schemes: [
    adyenItemHmac,
    // What its platforms send is signed as a whole.
    hmac({ id: 'adyen-header', header: 'HmacSignature', encoding: 'base64', key: hexKey }),
  ],
  secret: {
    env: ['ADYEN_HMAC_KEY'],
    kind: 'HMAC key of the webhook (64 hex digits)',
    generate: (random) => hex(64, random).toUpperCase(),
  },
  identify: {
    headers: {},
    body: [[inJson(`${ITEM}.eventCode`)], [inJson(`${ITEM}.pspReference`)]],
    or: { headers: { hmacsignature: true, protocol: /^HmacSHA256$/i } },
  },
  event: {
    type: [inJson(`${ITEM}.eventCode`)],
    // The same for everything that happens to one payment unless its code is looked at too.
    id: inJson(`${ITEM}.pspReference`),
    fallback: { type: [inJson('type')] },
  },
  eventId: (random) => alphanumeric(16, random).toUpperCase(),
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Adyen HttpClient 1.0'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json; charset=utf-8'],
  ],
  // Recalled (2026-11): ten seconds, and further attempts with growing waits for a week. Adyen tells
  // no addresses; it names the host out.adyen.com, to be looked up.
  deadlineMs: 10_000,
  retries: { kind: 'backoff', forMs: 7 * 86_400_000 },
  success: 'any 2xx',
  bodyStyle: 'compact',
});
