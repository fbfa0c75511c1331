import { hex } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { mondayChallenge } from '../handshakes/monday.ts';
import { HS256, jws } from '../schemes/jws.ts';
import { defineProvider } from './define-provider.ts';

const MINUTE = 60_000;

export default defineProvider({
  id: 'monday',
  title: 'monday.com',
  docs: 'https://developer.monday.com/api-reference/docs/webhooks',
  schemes: [
    jws({
      id: 'monday',
      header: 'Authorization',
      algorithm: HS256,
      audience: true,
      expires: true,
      // What lies between iat and exp in the example of the documentation (2026-11).
      toleranceMs: 5 * MINUTE,
      more: { accountId: 10_203_040, userId: 50_607_080 },
    }),
  ],
  secret: {
    env: ['MONDAY_SIGNING_SECRET', 'MONDAY_CLIENT_SECRET'],
    kind: 'signing secret of the app (its client secret for lifecycle events)',
    generate: (random) => hex(32, random),
  },
  identify: {
    headers: { authorization: /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/ },
    body: [[inJson('event.triggerUuid')]],
  },
  event: { type: [inJson('event.type')], id: inJson('event.triggerUuid') },
  eventId: (random) => hex(32, random),
  headers: [
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: once a minute for half an hour.
  retries: { kind: 'delays', delaysMs: Array.from({ length: 30 }, () => MINUTE) },
  bodyStyle: 'compact',
  handshakes: [mondayChallenge],
  sourceIps: {
    // Third-party code (read 2026-11); there is no list for programs.
    ranges: ['82.115.214.0/24', '185.66.202.0/23', '185.237.4.0/22'],
    asOf: '2026-11-25',
  },
});
