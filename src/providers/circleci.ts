import { alphanumeric, uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'circleci',
  title: 'CircleCI',
  docs: 'https://circleci.com/docs/guides/integration/outbound-webhooks/',
  schemes: [
    // Further versions may come beside v1; only the known one counts.
    hmac({ id: 'circleci', header: 'circleci-signature', prefix: 'v1=', list: ',' }),
  ],
  secret: {
    env: ['CIRCLECI_WEBHOOK_SECRET', 'CIRCLECI_SECRET'],
    kind: 'secret token, chosen by you',
    generate: (random) => alphanumeric(40, random),
  },
  identify: { headers: { 'circleci-signature': true } },
  event: { type: [inJson('type')], id: inJson('id') },
  eventId: uuid,
  headers: [
    // The documentation names these headers (recalled, 2026-11).
    ['User-Agent', 'CircleCI-Webhook/1.0'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
    ['circleci-event-type', '{{type}}'],
  ],
  // Ten seconds; "later" is all the documentation says of further attempts (read 2026-11), so the
  // day is a guess.
  deadlineMs: 10_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  bodyStyle: 'compact',
});
