import type { webhook } from '@line/bot-sdk';
import type { TypeJudge } from './type-judge.ts';
import type { Wire } from './wire.ts';

/** One request may bring several events; it is named after the first. */
export interface Body<Event extends string> {
  destination: string;
  events: [Wire<Extract<webhook.Event, { type: Event }>>, ...Wire<webhook.Event>[]];
}

export const line: TypeJudge = {
  provider: 'line',
  packages: ['@line/bot-sdk'],
  named: { event: 'message', path: 'events.0.mode' },
  anyName: { 'events.*.postback.params': 'by what the user picked' },
};
