import { hex, uuid } from '../core/ids.ts';
import { inForm, inHeader } from '../core/place.ts';
import type { Place } from '../core/types.ts';
import { twilioBody, twilioForm } from '../schemes/twilio.ts';
import { defineProvider } from './define-provider.ts';

/** Nothing in the request names the event; what is said of a message or a call tells. */
function typeOf(read: (place: Place) => string | undefined): string | undefined {
  const has = (name: string) => read(inForm(name)) !== undefined;
  if (has('MessageSid') || has('SmsSid')) {
    return has('MessageStatus') ? 'sms.status' : 'sms.incoming';
  }
  if (!has('CallSid')) return undefined;
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
    ['User-Agent', 'TwilioProxy/1.1'],
    ['Accept', '*/*'],
    ['I-Twilio-Idempotency-Token', '{{eventId}}'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: 15 seconds; one more try, and only when there was no connection.
  deadlineMs: 15_000,
  retries: { kind: 'none' },
  bodyStyle: 'compact',
});
