import { alphanumeric } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'pagerduty',
  title: 'PagerDuty',
  docs: 'https://developer.pagerduty.com/docs/webhooks-overview',
  schemes: [
    // Several v1 while secrets are rotated; any may fit.
    hmac({ id: 'pagerduty', header: 'X-PagerDuty-Signature', prefix: 'v1=', list: ',' }),
  ],
  secret: {
    env: ['PAGERDUTY_WEBHOOK_SECRET', 'PAGERDUTY_SIGNING_SECRET'],
    kind: 'secret of the webhook subscription, told once when it is made',
    generate: (random) => alphanumeric(64, random),
  },
  identify: { headers: { 'x-pagerduty-signature': true } },
  event: { type: [inJson('event.event_type')], id: inJson('event.id') },
  eventId: (random) => `01${alphanumeric(24, random).toUpperCase()}`,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'PagerDuty-Webhook/V3.0'],
    ['Content-Type', 'application/json'],
    ['X-Webhook-Subscription', 'PEXAMPL'],
  ],
  // Five seconds; further attempts for up to 48 hours: PagerDuty/developer-docs (read 2026-11).
  deadlineMs: 5_000,
  retries: { kind: 'backoff', forMs: 48 * 3_600_000 },
  bodyStyle: 'compact',
});
