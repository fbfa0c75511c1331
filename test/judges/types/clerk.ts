import type { WebhookEvent } from '@clerk/backend';
import type { TypeJudge } from './type-judge.ts';
import type { Wire } from './wire.ts';

interface Verification {
  object?: `verification_${string}`;
  status: string;
  strategy: string;
  attempts: number | null;
  expire_at: number | null;
}

/**
 * What Clerk sends and its SDK has otherwise or no member for, after its documentation and what
 * others received (third-party, 2026-11).
 */
type Unread =
  | { like: { object: 'email_address' }; are: { verification: Verification | null } }
  // The API's answers have them, events do not.
  | { like: { object: 'user'; username: unknown }; are: { organization_memberships?: null } }
  | { like: { object: 'organization'; name: string }; are: { logo_url?: string | null } }
  | { like: { object: 'organization_membership'; role: string }; are: { role_name?: string } }
  | { like: { object: 'email'; from_email_name: string }; are: { reply_to_email_name?: null } };

/** Clerk declares events with the same data together; a body is of one of them. */
type Of<Known, Event> = Known extends { type: infer Types }
  ? Event extends Types
    ? { [K in keyof Known]: K extends 'type' ? Event : Wire<Known[K], Unread> }
    : never
  : never;

export type Body<Event extends string> = Of<WebhookEvent, Event>;

const METADATA = 'what the application keeps there';

export const clerk: TypeJudge = {
  provider: 'clerk',
  packages: ['@clerk/backend'],
  named: { event: 'user.created', path: 'data.object' },
  anything: {
    'data.data': 'what the template of the message was filled with',
    'data.public_metadata': METADATA,
    'data.unsafe_metadata': METADATA,
  },
  anyName: {
    'data.data': 'what the template of the message was filled with',
    'data.public_metadata': METADATA,
    'data.private_metadata': METADATA,
    'data.unsafe_metadata': METADATA,
    'data.organization.public_metadata': METADATA,
    'data.organization.private_metadata': METADATA,
    'data.user.public_metadata': METADATA,
    'data.user.private_metadata': METADATA,
    'data.user.unsafe_metadata': METADATA,
  },
};
