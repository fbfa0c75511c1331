import { alphanumeric, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { FIVE_MINUTES } from '../schemes/timestamp.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'zendesk',
  title: 'Zendesk',
  docs: 'https://developer.zendesk.com/documentation/webhooks/',
  schemes: [
    hmac({
      id: 'zendesk',
      header: 'X-Zendesk-Webhook-Signature',
      encoding: 'base64',
      signs: ['timestamp', 'body'],
      timestamp: {
        header: 'X-Zendesk-Webhook-Signature-Timestamp',
        format: 'rfc3339',
        // Zendesk signs the time but names no tolerance (2026-11).
        toleranceMs: FIVE_MINUTES,
        refuseEarly: false,
      },
    }),
  ],
  secret: {
    env: ['ZENDESK_WEBHOOK_SECRET', 'ZENDESK_SIGNING_SECRET'],
    kind: 'signing secret of the webhook (looks like base64, but is used as it is)',
    generate: (random) => `${alphanumeric(55, random)}=`,
  },
  identify: { headers: { 'x-zendesk-webhook-signature': true } },
  event: {
    type: [inJson('type')],
    id: inJson('id'),
    delivery: inHeader('X-Zendesk-Webhook-Invocation-Id'),
  },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'Zendesk Webhook'],
    ['Accept', '*/*'],
    ['X-Zendesk-Account-Id', '{{int:8:account}}'],
    ['X-Zendesk-Webhook-Id', '01{{alnum:24:webhook}}'],
    ['Content-Type', 'application/json; charset=utf-8'],
  ],
  // Recalled, 2026-11: 12 seconds, and up to three more tries.
  deadlineMs: 12_000,
  retries: { kind: 'backoff', forMs: 3_600_000 },
  bodyStyle: 'compact',
});
