import { hex, uuid } from '../core/ids.ts';
import { inHeader } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'shopify',
  title: 'Shopify',
  docs: 'https://shopify.dev/docs/apps/build/webhooks',
  schemes: [hmac({ id: 'shopify', header: 'X-Shopify-Hmac-SHA256', encoding: 'base64' })],
  secret: {
    env: [
      'SHOPIFY_API_SECRET',
      'SHOPIFY_API_SECRET_KEY',
      'SHOPIFY_CLIENT_SECRET',
      'SHOPIFY_WEBHOOK_SECRET',
    ],
    kind: "the app's client secret (shpss_…)",
    generate: (random) => `shpss_${hex(32, random)}`,
  },
  identify: { headers: { 'x-shopify-topic': true } },
  event: {
    type: [inHeader('X-Shopify-Topic')],
    id: inHeader('X-Shopify-Webhook-Id'),
    delivery: inHeader('X-Shopify-Webhook-Id'),
  },
  eventId: uuid,
  headers: [
    // As third parties have captured it (2026-11).
    ['User-Agent', 'Shopify-Captain-Hook'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
    ['X-Shopify-Topic', '{{type}}'],
    // No example domain: Shopify's own library takes no shop outside of myshopify.com.
    ['X-Shopify-Shop-Domain', 'hookcli-example.myshopify.com'],
    ['X-Shopify-API-Version', '2026-10'],
    ['X-Shopify-Webhook-Id', '{{eventId}}'],
    ['X-Shopify-Event-Id', '{{uuid:event}}'],
    ['X-Shopify-Triggered-At', '{{iso.ms-1s}}'],
  ],
  // Third-party text citing the documentation (2026-11): five seconds in all, eight retries in
  // four hours, then the subscription is removed.
  deadlineMs: 5_000,
  retries: { kind: 'backoff', forMs: 4 * 3_600_000 },
  bodyStyle: 'compact',
});
