import { uuid } from '../core/ids.ts';
import { inHeader, inJson, readPlace } from '../core/place.ts';
import type { RawRequest } from '../core/types.ts';
import { coinbaseCdp } from '../schemes/coinbase-cdp.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

/** Commerce has its event one step down, the Developer Platform at the top of the body. */
const isOfPlatform = (request: RawRequest): boolean =>
  readPlace(request, inJson('event.type')) === undefined &&
  readPlace(request, inJson('type')) !== undefined;

export default defineProvider({
  id: 'coinbase',
  title: 'Coinbase',
  docs: 'https://docs.cdp.coinbase.com/webhooks/overview',
  schemes: [
    {
      ...hmac({ id: 'coinbase-commerce', header: 'X-CC-Webhook-Signature' }),
      appliesTo: (request) => !isOfPlatform(request),
    },
    { ...coinbaseCdp, appliesTo: isOfPlatform },
  ],
  secret: {
    env: ['COINBASE_WEBHOOK_SECRET', 'COINBASE_COMMERCE_WEBHOOK_SECRET', 'CDP_WEBHOOK_SECRET'],
    kind: "Commerce's webhook shared secret, or the secret in a platform subscription's metadata",
    generate: uuid,
  },
  identify: {
    headers: { 'x-cc-webhook-signature': true },
    or: { headers: { 'x-hook0-signature': true, 'x-event-id': true, 'x-event-type': true } },
  },
  event: {
    type: [inJson('event.type')],
    id: inJson('event.id'),
    fallback: {
      type: [inHeader('X-Event-Type')],
      id: inHeader('X-Event-Id'),
      fallback: { type: [inJson('type')], id: inJson('id') },
    },
  },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'weipay-webhooks'],
    ['Content-Type', 'application/json'],
  ],
  // No deadline is published; Commerce tries again for three days (recalled, 2026-11).
  retries: { kind: 'backoff', forMs: 3 * 86_400_000 },
  bodyStyle: 'compact',
});
