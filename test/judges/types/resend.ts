import type { WebhookEventPayload } from 'resend';
import type { TypeJudge } from './type-judge.ts';
import type { Wire } from './wire.ts';

export type Body<Event extends string> = Wire<Extract<WebhookEventPayload, { type: Event }>>;

export const resend: TypeJudge = {
  provider: 'resend',
  packages: ['resend'],
  named: { event: 'email.sent', path: 'type' },
  anyName: { 'data.tags': 'what the sender keeps there' },
};
