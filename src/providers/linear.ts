import { alphanumeric, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { datedBodyHmac } from '../schemes/dated-body-hmac.ts';
import { defineProvider } from './define-provider.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export default defineProvider({
  id: 'linear',
  title: 'Linear',
  docs: 'https://linear.app/developers/webhooks',
  schemes: [
    datedBodyHmac({
      id: 'linear',
      header: 'Linear-Signature',
      // The SDK (98.0) trusts no header with the time, since none is signed; a minute either way.
      field: 'webhookTimestamp',
      toleranceMs: MINUTE,
      refuseEarly: true,
      exact: true,
    }),
  ],
  secret: {
    env: ['LINEAR_WEBHOOK_SECRET', 'LINEAR_WEBHOOK_SIGNING_SECRET'],
    kind: 'signing secret of the webhook (lin_wh_…)',
    generate: (random) => `lin_wh_${alphanumeric(40, random)}`,
  },
  identify: { headers: { 'linear-signature': true } },
  event: {
    type: [inHeader('Linear-Event'), inJson('action')],
    id: inHeader('Linear-Delivery'),
    delivery: inHeader('Linear-Delivery'),
  },
  eventId: uuid,
  headers: [
    // Recalled, 2026-11.
    ['User-Agent', 'Linear-Webhook'],
    ['Accept', '*/*'],
    ['Linear-Delivery', '{{eventId}}'],
    ['Linear-Event', '{{type}}'],
    ['Content-Type', 'application/json; charset=utf-8'],
  ],
  // Recalled, 2026-11: five seconds, and three more tries.
  deadlineMs: 5_000,
  retries: { kind: 'delays', delaysMs: [MINUTE, HOUR, 6 * HOUR] },
  success: 'exactly 200',
  bodyStyle: 'compact',
  sourceIps: {
    // As third-party code cites the documentation (2026-11).
    ranges: [
      '35.231.147.226/32',
      '35.243.134.228/32',
      '34.140.253.14/32',
      '34.38.87.206/32',
      '34.134.222.122/32',
      '35.222.25.142/32',
    ],
    asOf: '2026-11-25',
  },
});
