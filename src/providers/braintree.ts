import { alphanumeric, hex, uuid } from '../core/ids.ts';
import { inForm, inQuery } from '../core/place.ts';
import { braintreeChallenge } from '../handshakes/braintree.ts';
import { braintreeHmac } from '../schemes/braintree.ts';
import { defineProvider } from './define-provider.ts';

/** The event's name is in the XML that the payload is the base64 of. */
function kindOf(payload = ''): string | undefined {
  const xml = payload.startsWith('<') ? payload : Buffer.from(payload, 'base64').toString('utf8');
  return /<kind>([^<]+)<\/kind>/.exec(xml)?.[1];
}

export default defineProvider({
  id: 'braintree',
  title: 'Braintree',
  docs: 'https://developer.paypal.com/braintree/docs/guides/webhooks/overview',
  schemes: [braintreeHmac],
  secret: {
    env: ['BRAINTREE_WEBHOOK_KEYS', 'BRAINTREE_PRIVATE_KEY'],
    kind: 'keys of the merchant account, <public key>|<private key>; to verify, the private one will do',
    generate: (random) => `${alphanumeric(16, random).toLowerCase()}|${hex(32, random)}`,
  },
  identify: {
    headers: {},
    body: [[inForm('bt_signature'), /\|/], [inForm('bt_payload')]],
    or: { headers: {}, body: [[inQuery('bt_challenge')]] },
  },
  // Nothing names the event; its time is the nearest to an id.
  event: { type: [], typeOf: (_, read) => kindOf(read(inForm('bt_payload'))) },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Braintree-Webhooks'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: 30 seconds, and a day of retries every hour.
  deadlineMs: 30_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
  handshakes: [braintreeChallenge],
});
