import { digits } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { discordPing, discordWebhookPing } from '../handshakes/discord.ts';
import { ed25519Signature } from '../schemes/ed25519-signature.ts';
import { ed25519HexPair as keys } from '../schemes/key-pair.ts';
import { defineProvider } from './define-provider.ts';
import { keptPair } from './secret.ts';

const INTERACTIONS: Readonly<Record<number, string>> = {
  1: 'ping',
  2: 'application_command',
  3: 'message_component',
  4: 'application_command_autocomplete',
  5: 'modal_submit',
};

interface Payload {
  readonly type?: unknown;
  readonly event?: { readonly type?: unknown } | null;
}

/** Webhook events carry their name inside; interactions have a number for it. */
function typeOf(payload: unknown): string | undefined {
  const { type, event } = (payload ?? {}) as Payload;
  if (typeof event?.type === 'string') return event.type;
  if (type === 0) return 'PING';
  const interaction = INTERACTIONS[type as number];
  return interaction === undefined ? undefined : `interaction.${interaction}`;
}

export default defineProvider({
  id: 'discord',
  title: 'Discord',
  docs: 'https://docs.discord.com/developers/interactions/overview',
  schemes: [
    // Neither the documentation nor discord-interactions 4.4 has a tolerance (read 2026-11).
    ed25519Signature({
      id: 'discord',
      header: 'X-Signature-Ed25519',
      timestampHeader: 'X-Signature-Timestamp',
    }),
  ],
  secret: {
    env: ['DISCORD_PUBLIC_KEY', 'DISCORD_APP_PUBLIC_KEY', 'DISCORD_APPLICATION_PUBLIC_KEY'],
    kind: 'public key of the application (64 hex digits), or a private key in PEM to sign with',
    ...keptPair(keys),
  },
  identify: { headers: { 'x-signature-ed25519': true, 'x-signature-timestamp': true } },
  // Interactions have an id of their own; webhook events have none.
  event: { type: [], typeOf, id: inJson('id') },
  // A snowflake: 19 digits in these years.
  eventId: (random) => `1${digits(9, random)}${digits(9, random)}`,
  headers: [
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // The first as in several captures by third parties, the second as in code of one (2026-11).
  headersOf: (event) => [
    [
      'User-Agent',
      `${event.startsWith('interaction.') ? 'Discord-Interactions' : 'Discord-Webhook'}/1.0 (+https://discord.com)`,
    ],
  ],
  // Documentation (2026-11): 3 seconds; webhook events are retried for up to 10 minutes,
  // interactions not at all. No addresses are published.
  deadlineMs: 3_000,
  retries: { kind: 'backoff', forMs: 600_000 },
  success: 'any 2xx; 401 to a false signature, or the address is removed',
  bodyStyle: 'compact',
  handshakes: [discordPing, discordWebhookPing],
});
