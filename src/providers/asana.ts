import { hex, uuid } from '../core/ids.ts';
import { getPath } from '../core/json-path.ts';
import { asanaHandshake } from '../handshakes/asana.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

/** `task.changed` of the first of the events; an empty list is a sign of life. */
function typeOf(payload: unknown): string | undefined {
  const events = getPath(payload, ['events']);
  if (!Array.isArray(events)) return undefined;
  if (events.length === 0) return 'heartbeat';
  const resource = getPath(events, ['0', 'resource', 'resource_type']);
  const action = getPath(events, ['0', 'action']);
  return [resource, action].filter((part) => typeof part === 'string').join('.');
}

export default defineProvider({
  id: 'asana',
  title: 'Asana',
  docs: 'https://developers.asana.com/docs/webhooks-guide',
  schemes: [hmac({ id: 'asana', header: 'X-Hook-Signature' })],
  secret: {
    env: ['ASANA_WEBHOOK_SECRET', 'ASANA_HOOK_SECRET'],
    kind: 'secret that Asana sends in X-Hook-Secret when the webhook is made',
    generate: (random) => hex(64, random),
  },
  identify: {
    headers: { 'x-hook-signature': true },
    or: { headers: { 'x-hook-secret': true } },
  },
  event: { type: [], typeOf },
  eventId: uuid,
  headers: [
    ['Content-Type', 'application/json'],
    ['Accept', '*/*'],
  ],
  // Ten seconds, and further attempts with growing waits for a day (documentation, 2026-11).
  deadlineMs: 10_000,
  retries: { kind: 'backoff', forMs: 86_400_000 },
  success: '200 or 204',
  bodyStyle: 'compact',
  handshakes: [asanaHandshake],
});
