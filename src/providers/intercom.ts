import { uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'intercom',
  title: 'Intercom',
  docs: 'https://developers.intercom.com/docs/webhooks',
  // SHA-1 with the client secret, as third-party code has it (2026-11).
  schemes: [
    hmac({ id: 'intercom', header: 'X-Hub-Signature', algorithm: 'sha1', prefix: 'sha1=' }),
  ],
  secret: {
    env: ['INTERCOM_CLIENT_SECRET', 'INTERCOM_WEBHOOK_SECRET'],
    kind: "the app's client secret",
    generate: uuid,
  },
  identify: {
    headers: { 'x-hub-signature': /^sha1=/ },
    without: ['x-github-event', 'x-hub-signature-256'],
    body: [[inJson('type'), /^notification_event$/], [inJson('topic')]],
  },
  event: { type: [inJson('topic')], id: inJson('id') },
  eventId: (random) => `notif_${uuid(random)}`,
  headers: [
    ['Content-Type', 'application/json'],
    ['Accept', '*/*'],
  ],
  // Five seconds, and that it then sends again, by the documentation (read 2026-11); one further
  // attempt after a minute is recalled.
  deadlineMs: 5_000,
  retries: { kind: 'delays', delaysMs: [60_000] },
  // 410 is recalled (2026-11); 429 slows the deliveries down for up to two hours (documentation).
  success: 'any 2xx; 410 unsubscribes',
  bodyStyle: 'compact',
  sourceIps: {
    // USA, Europe, Australia, as the documentation lists them (read 2026-11); the address is that of
    // the first, with eu and au in its place for the others, and INTERCOM-OUTBOUND is what counts.
    ranges: [
      '34.231.68.152/32',
      '34.197.76.213/32',
      '35.171.78.91/32',
      '35.169.138.21/32',
      '52.70.27.159/32',
      '52.44.63.161/32',
      '54.217.125.63/32',
      '54.246.173.113/32',
      '54.216.9.3/32',
      '52.63.36.185/32',
      '3.104.68.152/32',
      '52.64.2.165/32',
    ],
    asOf: '2026-11-25',
    url: 'https://static.intercomcdn.com/intercom-ips/us/intercom-ip-ranges.json',
  },
});
