import { alphanumeric, hex } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { mailgunHmac } from '../schemes/mailgun.ts';
import { defineProvider } from './define-provider.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export default defineProvider({
  id: 'mailgun',
  title: 'Mailgun',
  docs: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks',
  schemes: [mailgunHmac],
  secret: {
    env: ['MAILGUN_WEBHOOK_SIGNING_KEY', 'MAILGUN_SIGNING_KEY'],
    kind: 'HTTP webhook signing key of the account',
    generate: (random) => hex(32, random),
  },
  identify: {
    headers: {},
    body: [
      [inJson('signature.token'), /^[0-9a-f]{40,}$/],
      [inJson('signature.timestamp'), /^\d+$/],
      [inJson('event-data.event')],
    ],
  },
  event: { type: [inJson('event-data.event')], id: inJson('event-data.id') },
  eventId: (random) => alphanumeric(22, random),
  headers: [
    // Recalled, 2026-11.
    ['User-Agent', 'mailgun/treq-20.9.0'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: eight hours of retries, none after a 406; the deadline is not published.
  retries: {
    kind: 'delays',
    delaysMs: [10 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR],
  },
  success: 'any 2xx; 406 ends the retries',
  bodyStyle: 'compact',
  // No addresses: the lists of third parties disagree, and no page of Mailgun's was seen (2026-11).
});
