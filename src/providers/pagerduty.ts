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
  sourceIps: {
    // An example in PagerDuty's documentation, which warns that they change (read 2026-11).
    ranges: [
      '52.13.4.226/32',
      '54.176.87.101/32',
      '54.185.79.76/32',
      '54.201.209.177/32',
      '54.202.99.6/32',
      '54.212.55.143/32',
      '104.42.123.77/32',
      '50.18.129.59/32',
      '34.210.57.30/32',
      '34.210.242.134/32',
      '52.34.208.156/32',
      '34.202.21.89/32',
      '34.239.229.93/32',
      '34.231.45.166/32',
      '34.248.147.39/32',
      '54.77.228.115/32',
      '54.154.145.191/32',
    ],
    asOf: '2026-11-25',
    url: 'https://app.pagerduty.com/webhook_ips',
  },
});
