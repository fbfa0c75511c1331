import { uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

const MINUTE = 60_000;

export default defineProvider({
  id: 'quickbooks',
  title: 'QuickBooks Online',
  docs: 'https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks',
  // As third-party code has it (2026-11).
  schemes: [hmac({ id: 'quickbooks', header: 'intuit-signature', encoding: 'base64' })],
  secret: {
    env: [
      'QUICKBOOKS_VERIFIER_TOKEN',
      'QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN',
      'INTUIT_VERIFIER_TOKEN',
    ],
    kind: 'verifier token',
    generate: uuid,
  },
  identify: { headers: { 'intuit-signature': true } },
  event: {
    type: [
      inJson('eventNotifications.0.dataChangeEvent.entities.0.name'),
      inJson('eventNotifications.0.dataChangeEvent.entities.0.operation'),
    ],
    // The newer form is a list of CloudEvents (hinted at in the documentation, 2026-11).
    fallback: { type: [inJson('0.type')], id: inJson('0.id') },
  },
  eventId: uuid,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'intuit_notification_server/1.0'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled (2026-11): three seconds, and three more tries.
  deadlineMs: 3_000,
  retries: { kind: 'delays', delaysMs: [20 * MINUTE, 30 * MINUTE, 50 * MINUTE] },
  bodyStyle: 'compact',
});
