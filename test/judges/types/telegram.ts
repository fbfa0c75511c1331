import type { Update } from '@grammyjs/types';
import type { TypeJudge } from './type-judge.ts';
import type { Wire } from './wire.ts';

/** The types let every kind be left out; an update has exactly one. */
export type Body<Event extends string> = Event extends keyof Update
  ? Wire<Pick<Update, 'update_id'> & Required<Pick<Update, Event>>>
  : never;

export const telegram: TypeJudge = {
  provider: 'telegram',
  packages: ['@grammyjs/types'],
  named: { event: 'message', path: 'message.chat.type' },
};
