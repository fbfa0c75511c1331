import type {
  EntityWebhookPayloadWithUnknownEntityData,
  LinearWebhookEventTypeMap,
} from '@linear/sdk/webhooks';
import type { TypeJudge } from './type-judge.ts';
import type { NullForAbsent, Wire } from './wire.ts';

type Envelope = EntityWebhookPayloadWithUnknownEntityData;

type DataOf<Type extends string> = Wire<
  Extract<Envelope['data'], { __typename?: `${Type}WebhookPayload` }>
>;

/** The SDK leaves open what was there before; it is the members that changed. */
interface Entity<Type extends string, Action>
  extends Omit<Wire<Envelope>, 'action' | 'type' | 'data' | 'updatedFrom'> {
  action: Action;
  type: Type;
  data: DataOf<Type>;
  updatedFrom?: Action extends 'update' ? NullForAbsent<Partial<DataOf<Type>>> : never;
}

type Of<Type extends string, Action> = [DataOf<Type>] extends [never]
  ? Type extends keyof LinearWebhookEventTypeMap
    ? Omit<Wire<LinearWebhookEventTypeMap[Type]>, 'action'> & { action: Action }
    : never
  : Entity<Type, Action>;

export type Body<Event extends string> = Event extends `${infer Type}.${infer Action}`
  ? Of<Type, Action>
  : never;

export const linear: TypeJudge = {
  provider: 'linear',
  packages: ['@linear/sdk'],
  named: { event: 'Issue.create', path: 'type' },
  anything: {
    'issueData.reactionData': 'the SDK has any object for it',
    'data.reactionData': 'the SDK has any object for it',
  },
};
