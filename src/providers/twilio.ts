import { hex, uuid } from '../core/ids.ts';
import { inForm, inHeader, inJson } from '../core/place.ts';
import type { Place } from '../core/types.ts';
import { twilioBody, twilioForm } from '../schemes/twilio.ts';
import { defineProvider } from './define-provider.ts';

/** Hardly a form names its event; what is said of a message or a call tells. */
function typeOf(read: (place: Place) => string | undefined): string | undefined {
  // Event Streams sends JSON, a list of CloudEvents; the first one speaks for it.
  const streamed = read(inJson('0.type'));
  if (streamed !== undefined) return streamed;
  const has = (name: string) => read(inForm(name)) !== undefined;
  if (has('ConversationSid') && has('EventType'))
    return `conversations.${read(inForm('EventType'))}`;
  if (has('MessageSid') || has('SmsSid')) {
    // Senders of other channels than SMS begin with its name, as in `whatsapp:+15005550006`.
    const channel = /^[a-z]+(?=:)/.exec(read(inForm('From')) ?? '')?.[0] ?? 'sms';
    return `${channel}.${has('MessageStatus') ? 'status' : 'incoming'}`;
  }
  if (!has('CallSid')) return undefined;
  if (has('RecordingSid') && has('RecordingStatus')) return 'recording.status';
  // A call is announced while it rings; callbacks on its progress say where they come from.
  return has('CallbackSource') || has('CallDuration') ? 'voice.status' : 'voice.incoming';
}

export default defineProvider({
  id: 'twilio',
  title: 'Twilio',
  docs: 'https://www.twilio.com/docs/usage/webhooks',
  schemes: [twilioForm, twilioBody],
  secret: {
    env: ['TWILIO_AUTH_TOKEN'],
    kind: 'auth token of the account (32 hex digits)',
    generate: (random) => hex(32, random),
  },
  identify: { headers: { 'x-twilio-signature': true } },
  event: {
    type: [],
    typeOf: (_, read) => typeOf(read),
    id: inHeader('I-Twilio-Idempotency-Token'),
  },
  eventId: uuid,
  headers: [
    // As third parties have captured it (2026-11).
    ['User-Agent', 'TwilioProxy/1.1'],
    ['Accept', '*/*'],
    ['I-Twilio-Idempotency-Token', '{{eventId}}'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: 15 seconds; one more try, and only when there was no connection. Event
  // Streams waits five seconds (documentation, read 2026-11) and tries again for hours (recalled).
  deadlineMs: 15_000,
  retries: { kind: 'none' },
  bodyStyle: 'compact',
  // No addresses: only Event Streams has published ones, 35.90.102.128/25 (documentation, read
  // 2026-11); all other requests may come from anywhere in AWS (recalled).
});
