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
  // Recalled (2026-11): five seconds, and one further attempt after a minute.
  deadlineMs: 5_000,
  retries: { kind: 'delays', delaysMs: [60_000] },
  success: 'any 2xx; 410 unsubscribes',
  bodyStyle: 'compact',
});
