import { digits, uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { keyedHash } from '../schemes/keyed-hash.ts';
import { FIVE_MINUTES } from '../schemes/timestamp.ts';
import { defineProvider } from './define-provider.ts';

/** HubSpot undoes just these escapes of a URL before it signs (the exact list is recalled, 2026-11). */
const unescaped = (url: string): string =>
  url.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent);

export default defineProvider({
  id: 'hubspot',
  title: 'HubSpot',
  docs: 'https://developers.hubspot.com/docs/guides/api/app-management/webhooks',
  schemes: [
    hmac({
      id: 'hubspot-v3',
      header: 'X-HubSpot-Signature-v3',
      encoding: 'base64',
      signs: ['method', { url: unescaped }, 'body', 'timestamp'],
      timestamp: {
        header: 'X-HubSpot-Request-Timestamp',
        format: 'ms',
        toleranceMs: FIVE_MINUTES,
        refuseEarly: false,
      },
    }),
    keyedHash({
      id: 'hubspot-v2',
      header: 'X-HubSpot-Signature',
      signs: ['method', 'url', 'body'],
      version: { header: 'X-HubSpot-Signature-Version', value: 'v2' },
    }),
    keyedHash({
      id: 'hubspot-v1',
      header: 'X-HubSpot-Signature',
      signs: ['body'],
      version: { header: 'X-HubSpot-Signature-Version', value: 'v1' },
    }),
  ],
  secret: {
    env: ['HUBSPOT_CLIENT_SECRET', 'HUBSPOT_APP_SECRET'],
    kind: 'client secret of the app',
    generate: uuid,
  },
  identify: {
    headers: { 'x-hubspot-signature-v3': true },
    or: { headers: { 'x-hubspot-signature': true } },
  },
  // A request brings a list of events; the first one speaks for it.
  event: { type: [inJson('0.subscriptionType')], id: inJson('0.eventId') },
  eventId: (random) => String(digits(10, random)),
  headers: [
    // Recalled, 2026-11.
    ['User-Agent', 'HubSpot Webhooks'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // The documentation, as third parties cite it (2026-11): five seconds, then ten more tries within
  // a day, after any 4xx too.
  deadlineMs: 5_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
  // No addresses: HubSpot publishes none for webhooks (third parties, 2026-11).
});
