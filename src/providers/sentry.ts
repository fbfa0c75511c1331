import { hex, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { FIVE_MINUTES } from '../schemes/timestamp.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'sentry',
  title: 'Sentry',
  docs: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
  // As its documentation and server have it (sentry-docs and sentry, read 2026-11).
  schemes: [hmac({ id: 'sentry', header: 'Sentry-Hook-Signature' })],
  secret: {
    env: ['SENTRY_CLIENT_SECRET', 'SENTRY_WEBHOOK_SECRET', 'SENTRY_HOOK_SECRET'],
    kind: "the integration's client secret",
    generate: (random) => hex(64, random),
  },
  identify: { headers: { 'sentry-hook-resource': true } },
  event: {
    type: [inHeader('Sentry-Hook-Resource'), inJson('action')],
    delivery: inHeader('Request-ID'),
  },
  eventId: (random) => uuid(random).replaceAll('-', ''),
  headers: [
    ['Content-Type', 'application/json'],
    ['Request-ID', '{{eventId}}'],
    ['Sentry-Hook-Resource', '{{type}}'],
    ['Sentry-Hook-Timestamp', '{{now}}'],
  ],
  // One second by the documentation; after a timeout, a 5xx or no connection the server tries three
  // more times, five minutes apart, for published integrations alone and never after a 4xx
  // (sentry's source, read 2026-11).
  deadlineMs: 1_000,
  retries: { kind: 'delays', delaysMs: [FIVE_MINUTES, FIVE_MINUTES, FIVE_MINUTES] },
  success: 'any 2xx; a 4xx ends the retries',
  bodyStyle: 'compact',
  sourceIps: {
    // Outbound requests of sentry.io, then of its European region (documentation, read 2026-11).
    ranges: [
      '35.184.238.160/32',
      '104.155.159.182/32',
      '104.155.149.19/32',
      '130.211.230.102/32',
      '34.141.31.19/32',
      '34.141.4.162/32',
      '35.234.78.236/32',
    ],
    asOf: '2026-11-25',
    url: 'https://docs.sentry.io/api/ip-ranges',
  },
});
