import { alphanumeric, hex } from '../core/ids.ts';
import { inForm, inJson } from '../core/place.ts';
import { slackUrlVerification } from '../handshakes/slack.ts';
import { hmac } from '../schemes/hmac.ts';
import { FIVE_MINUTES } from '../schemes/timestamp.ts';
import { defineProvider } from './define-provider.ts';

/** What comes of what a user does in the app, as a form. */
const FORMS: ReadonlySet<string> = new Set([
  'block_actions',
  'message_action',
  'shortcut',
  'slash_command',
  'view_closed',
  'view_submission',
]);

/** An event is named inside its envelope; what a user does in the app is named at the top. */
function typeOf(payload: unknown): string | undefined {
  const { type, event } = (payload ?? {}) as { type?: unknown; event?: { type?: unknown } | null };
  const name = type === 'event_callback' ? event?.type : type;
  return typeof name === 'string' ? name : undefined;
}

export default defineProvider({
  id: 'slack',
  title: 'Slack',
  docs: 'https://docs.slack.dev/apis/events-api/',
  schemes: [
    hmac({
      id: 'slack',
      header: 'X-Slack-Signature',
      prefix: 'v0=',
      signs: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
      timestamp: {
        header: 'X-Slack-Request-Timestamp',
        format: 's',
        toleranceMs: FIVE_MINUTES,
        // The documentation's sample takes the distance either way; bolt 5.1 asks for the age only.
        refuseEarly: true,
      },
    }),
  ],
  secret: {
    env: ['SLACK_SIGNING_SECRET'],
    kind: 'signing secret (32 hex digits, from Basic Information of the app)',
    generate: (random) => hex(32, random),
  },
  identify: { headers: { 'x-slack-signature': true } },
  event: {
    type: [],
    // A slash command is a flat form without a field that names its kind.
    typeOf: (payload, read) =>
      read(inForm('command')) === undefined ? typeOf(payload) : 'slash_command',
    id: inJson('event_id'),
  },
  eventId: (random) => `Ev${alphanumeric(10, random).toUpperCase()}`,
  // As in captures by several third parties (seen 2026-11).
  headers: [
    ['User-Agent', 'Slackbot 1.0 (+https://api.slack.com/robots)'],
    ['Accept-Encoding', 'gzip,deflate'],
    ['Content-Type', 'application/json'],
  ],
  headersOf: (event) => [['Accept', FORMS.has(event) ? 'application/json,*/*' : '*/*']],
  // The deadline as documented; the waits as third parties cite it (third-party, 2026-11). No
  // addresses are published.
  deadlineMs: 3_000,
  retries: { kind: 'delays', delaysMs: [0, 60_000, 300_000] },
  success: 'any 2xx; X-Slack-No-Retry: 1 ends the retries',
  bodyStyle: 'escaped',
  handshakes: [slackUrlVerification],
});
