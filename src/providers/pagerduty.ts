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
    // The regions US and EU: PagerDuty/developer-docs (read 2026-11). The address has those of US; for
    // EU it says `eu` in the place of `us`.
    ranges: [
      '44.242.69.192/32',
      '52.89.71.166/32',
      '54.213.187.133/32',
      '35.86.21.47/32',
      '52.88.94.18/32',
      '44.238.89.29/32',
      '54.241.68.46/32',
      '54.176.72.216/32',
      '54.177.81.67/32',
      '13.56.49.27/32',
      '34.210.57.30/32',
      '34.210.242.134/32',
      '52.34.208.156/32',
      '18.192.91.93/32',
      '18.158.120.237/32',
      '18.194.177.30/32',
      '18.158.199.216/32',
      '3.126.25.87/32',
      '18.197.187.16/32',
      '54.76.3.62/32',
      '54.170.2.90/32',
      '52.213.188.110/32',
      '54.195.179.238/32',
      '34.250.91.200/32',
      '54.76.225.71/32',
    ],
    asOf: '2026-11-25',
    url: 'https://developer.pagerduty.com/ip-safelists/webhooks-us-service-region-json',
  },
});
