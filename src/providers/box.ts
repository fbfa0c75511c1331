import { alphanumeric, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'box',
  title: 'Box',
  docs: 'https://developer.box.com/guides/webhooks/v2/',
  schemes: [
    hmac({
      id: 'box',
      // While keys are exchanged both are signed with, and either is enough.
      header: ['BOX-SIGNATURE-PRIMARY', 'BOX-SIGNATURE-SECONDARY'],
      encoding: 'base64',
      signs: ['body', 'timestamp'],
      timestamp: {
        header: 'BOX-DELIVERY-TIMESTAMP',
        format: 'rfc3339',
        toleranceMs: 600_000,
        refuseEarly: false,
      },
      beside: { 'BOX-SIGNATURE-VERSION': '1', 'BOX-SIGNATURE-ALGORITHM': 'HmacSHA256' },
    }),
  ],
  secret: {
    env: ['BOX_WEBHOOK_PRIMARY_KEY', 'BOX_PRIMARY_SIGNATURE_KEY', 'BOX_WEBHOOK_SECONDARY_KEY'],
    kind: 'primary or secondary signature key of the app',
    generate: (random) => alphanumeric(32, random),
  },
  identify: { headers: { 'box-delivery-id': true, 'box-signature-version': true } },
  event: {
    type: [inJson('trigger')],
    id: inJson('id'),
    delivery: inHeader('BOX-DELIVERY-ID'),
  },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Box-WH-Client'],
    ['Accept', '*/*'],
    ['BOX-DELIVERY-ID', '{{uuid:delivery}}'],
    ['Content-Type', 'application/json;charset=UTF-8'],
  ],
  // Recalled, 2026-11: 30 seconds, and ten more tries within two hours.
  deadlineMs: 30_000,
  retries: { kind: 'backoff', forMs: 2 * 3_600_000 },
  bodyStyle: 'escaped',
});
