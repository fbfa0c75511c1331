import { hex, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'sentry',
  title: 'Sentry',
  docs: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
  // As third-party code has it (2026-11).
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
  // Recalled (2026-11): one second, and no further attempt.
  deadlineMs: 1_000,
  retries: { kind: 'none' },
  bodyStyle: 'compact',
});
