import type {
  BlockAction,
  EnvelopedEvent,
  GlobalShortcut,
  KnownEventFromType,
  MessageShortcut,
  SlashCommand,
  ViewClosedAction,
  ViewSubmitAction,
} from '@slack/bolt';
import type { ConversationsHistoryResponse } from '@slack/web-api';
import type { TypeJudge } from './type-judge.ts';
import type { Wire } from './wire.ts';

interface Actions {
  slash_command: SlashCommand;
  block_actions: BlockAction;
  view_submission: ViewSubmitAction;
  view_closed: ViewClosedAction;
  shortcut: GlobalShortcut;
  message_action: MessageShortcut;
}

/** A message an action lies in, which bolt leaves open, is the one the API would answer with. */
type Message = Wire<NonNullable<ConversationsHistoryResponse['messages']>[number]>;

type Container =
  | { type: 'message'; message_ts: string; channel_id: string; is_ephemeral: boolean }
  | { type: 'view'; view_id: string };

interface Enterprise {
  id: string;
  name: string;
}

interface User {
  id: string;
  username: string;
  name: string;
  team_id: string;
}

type Action = 'block_actions' | 'view_submission' | 'view_closed' | 'shortcut' | 'message_action';

/** What Slack sends and bolt has no member for, or an open one. */
type Unread =
  // Outside of an organization, the members that name one are null.
  | {
      like: { type: 'event_callback' };
      are: { event_context: string; context_enterprise_id?: string | null };
    }
  | { like: { type: 'member_joined_channel' }; are: { enterprise?: string | null } }
  | { like: { type: Action; token: string }; are: { enterprise?: Enterprise | null } }
  | { like: { type: 'block_actions' }; are: { message?: Message; container: Container } }
  | { like: { type: 'message_action' }; are: { message: Message } }
  | { like: { type: 'view_submission' | 'view_closed' }; are: { user: User } }
  // Told by what is not there.
  | { like: { type: 'message'; subtype: undefined }; are: { subtype?: undefined } };

export type Body<Event extends string> = Wire<
  Event extends keyof Actions ? Actions[Event] : EnvelopedEvent<KnownEventFromType<Event>>,
  Unread
>;

export const slack: TypeJudge = {
  provider: 'slack',
  packages: ['@slack/bolt', '@slack/types', '@slack/web-api'],
  named: { event: 'message', path: 'event.channel_type' },
  anyName: { 'view.state.values': 'by the ids that the app gave its blocks and actions' },
};
