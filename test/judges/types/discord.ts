import type {
  APIApplicationCommandAutocompleteInteraction,
  APIApplicationCommandInteraction,
  APIMessageComponentInteraction,
  APIModalSubmitInteraction,
  APIWebhookEventBody,
} from 'discord-api-types/v10';
import type { TypeJudge } from './type-judge.ts';
import type { Wire } from './wire.ts';

interface Interactions {
  'interaction.application_command': APIApplicationCommandInteraction;
  'interaction.application_command_autocomplete': APIApplicationCommandAutocompleteInteraction;
  'interaction.message_component': APIMessageComponentInteraction;
  'interaction.modal_submit': APIModalSubmitInteraction;
}

interface Envelope<Inside> {
  version: 1;
  application_id: string;
  type: 1;
  event: Inside;
}

/** Of the channel it happened in, Discord also says what the user may do there. */
type Seen<Interaction> = Interaction extends { channel?: infer Channel }
  ? Omit<Interaction, 'channel'> & { channel?: Channel & { permissions?: string } }
  : never;

/** What Discord sends, by the examples of its documentation (2026-11), and the types do not name. */
type Unread =
  | { like: { username: string; discriminator: string }; are: { clan?: null } }
  | { like: { roles: string[]; mute: boolean }; are: { unusual_dm_activity_until?: string | null } }
  | { like: { custom_id: string; component_type: number }; are: { id?: number } }
  | {
      like: { sku_id: string; deleted: boolean };
      are: { promotion_id: string | null; gift_code_flags: number; subscription_id?: string };
    }
  // Undocumented, but others receive them.
  | { like: { owner_id: string; verification_level: number }; are: { home_header?: string | null } }
  | { like: { token: string; app_permissions: string }; are: { entitlement_sku_ids?: string[] } };

export type Body<Event extends string> = Event extends keyof Interactions
  ? Wire<Seen<Interactions[Event]>, Unread>
  : Envelope<Extract<Wire<APIWebhookEventBody, Unread>, { type: Event }>>;

export const discord: TypeJudge = {
  provider: 'discord',
  packages: ['discord-api-types'],
  named: { event: 'interaction.application_command', path: 'locale' },
};
