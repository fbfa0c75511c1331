import { alphanumeric, digits } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import type { SecretKey } from '../schemes/secret-key.ts';
import { sharedToken } from '../schemes/shared-token.ts';
import { defineProvider } from './define-provider.ts';

/** The kinds of updates of Bot API 10.1 (2026-06-11); an update has exactly one of them. */
const KINDS = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'guest_message',
  'message_reaction',
  'message_reaction_count',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'poll',
  'poll_answer',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'managed_bot',
];

/** The kind of an update; of one newer than this list, the one field it has beside its number. */
function kindOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const fields = Object.keys(payload).filter((name) => name !== 'update_id');
  return KINDS.find((kind) => fields.includes(kind)) ?? fields[0];
}

const token: Pick<SecretKey, 'fault'> = {
  fault(secret) {
    if (secret === '') return 'is empty';
    if (secret.length > 256) return 'is longer than 256 characters';
    return /^[\w-]+$/.test(secret) ? undefined : 'has characters other than A-Z a-z 0-9 _ -';
  },
};

export default defineProvider({
  id: 'telegram',
  title: 'Telegram',
  docs: 'https://core.telegram.org/bots/api#setwebhook',
  schemes: [sharedToken({ id: 'telegram', header: 'X-Telegram-Bot-Api-Secret-Token', key: token })],
  secret: {
    env: ['TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_SECRET_TOKEN', 'TELEGRAM_BOT_SECRET_TOKEN'],
    kind: 'secret_token given to setWebhook: up to 256 of A-Z a-z 0-9 _ -',
    generate: (random) => alphanumeric(48, random),
  },
  identify: {
    headers: { 'x-telegram-bot-api-secret-token': true },
    // Without a secret_token, nothing in the headers tells.
    or: { headers: {}, body: [[inJson('update_id'), /^\d+$/]] },
  },
  event: { type: [], typeOf: kindOf, id: inJson('update_id') },
  eventId: (random) => String(digits(9, random)),
  // In this order, and without a User-Agent: tdlib/telegram-bot-api WebhookActor.cpp (read 2026-11).
  headers: [
    ['Content-Type', 'application/json'],
    ['Connection', 'keep-alive'],
    ['Accept-Encoding', 'gzip, deflate'],
  ],
  // Documentation (2026-11): "a reasonable amount of attempts", at growing distances; an update is
  // kept for a day.
  retries: { kind: 'backoff', forMs: 86_400_000 },
  success: 'any 2xx; Retry-After is honoured, a repeated 410 gives up',
  bodyStyle: 'compact',
  sourceIps: {
    // Telegram's guide to webhooks, as many third parties cite it (2026-11); the address has all of
    // Telegram's networks, these among them.
    ranges: ['149.154.160.0/20', '91.108.4.0/22'],
    asOf: '2026-11-25',
    url: 'https://core.telegram.org/resources/cidr.txt',
  },
});
