import type { OpenAI } from 'openai';
import type { TypeJudge } from './type-judge.ts';
import type { Wire } from './wire.ts';

export type Body<Event extends string> = Wire<
  Extract<OpenAI.Webhooks.UnwrapWebhookEvent, { type: Event }>
>;

export const openai: TypeJudge = {
  provider: 'openai',
  packages: ['openai'],
  named: { event: 'batch.completed', path: 'type' },
};
