import { alphanumeric, hex } from '../core/ids.ts';
import { getPath } from '../core/json-path.ts';
import { inJson, inQuery } from '../core/place.ts';
import { metaChallenge } from '../handshakes/meta.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

/** What a Messenger or Instagram message has beside what happened. */
const ENVELOPE = new Set(['sender', 'recipient', 'timestamp']);

/**
 * `message.text` and `status.delivered` for WhatsApp, the kind of message for Messenger and
 * Instagram, and for all else the field that changed.
 */
function typeOf(payload: unknown): string | undefined {
  const text = (...steps: string[]) => {
    const value = getPath(payload, ['entry', '0', ...steps]);
    return typeof value === 'string' ? value : undefined;
  };
  const message = text('changes', '0', 'value', 'messages', '0', 'type');
  if (message !== undefined) return `message.${message}`;
  const status = text('changes', '0', 'value', 'statuses', '0', 'status');
  if (status !== undefined) return `status.${status}`;
  const messaging = getPath(payload, ['entry', '0', 'messaging', '0']);
  if (typeof messaging === 'object' && messaging !== null) {
    return Object.keys(messaging).find((name) => !ENVELOPE.has(name));
  }
  return text('changes', '0', 'field');
}

export default defineProvider({
  id: 'meta',
  title: 'Meta and WhatsApp',
  docs: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
  schemes: [
    hmac({ id: 'meta', header: 'X-Hub-Signature-256', prefix: 'sha256=' }),
    hmac({
      id: 'meta-sha1',
      header: 'X-Hub-Signature',
      algorithm: 'sha1',
      prefix: 'sha1=',
      legacy: true,
    }),
  ],
  secret: {
    env: ['META_APP_SECRET', 'FACEBOOK_APP_SECRET', 'WHATSAPP_APP_SECRET', 'INSTAGRAM_APP_SECRET'],
    kind: 'app secret',
    generate: (random) => hex(32, random),
  },
  identify: {
    headers: { 'x-hub-signature-256': true },
    without: ['x-github-event'],
    body: [[inJson('object')], [inJson('entry.0.id')]],
    or: { headers: {}, body: [[inQuery('hub.mode'), /^subscribe$/], [inQuery('hub.challenge')]] },
  },
  event: {
    type: [],
    typeOf,
    id: inJson('entry.0.changes.0.value.messages.0.id'),
    // A status bears the id of its message; with the type, it is told from the others of that one.
    fallback: { type: [], id: inJson('entry.0.changes.0.value.statuses.0.id') },
  },
  eventId: (random) => `wamid.HBgLMTU1NTU1NTAxMDAVAgARGBI${alphanumeric(24, random)}AA==`,
  headers: [
    // Recalled (2026-11).
    ['User-Agent', 'facebookexternalua'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // No deadline is published; further attempts for 36 hours, for WhatsApp up to a week (recalled,
  // 2026-11).
  retries: { kind: 'backoff', forMs: 36 * 3_600_000 },
  // Signed after non-ASCII and slashes are escaped: documentation of Meta's webhooks (2026-11).
  bodyStyle: 'escaped',
  // No addresses: Meta names its network, AS32934, and no list of it (recalled, 2026-11).
  handshakes: [metaChallenge],
});
