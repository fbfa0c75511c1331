import type { EventResponse } from '@workos-inc/node';
import type { TypeJudge } from './type-judge.ts';
import type { NullForAbsent, Wire } from './wire.ts';

interface Context {
  google_analytics_client_id?: string;
  google_analytics_sessions?: {
    container_id: string;
    session_id?: string;
    session_number?: string;
  }[];
  ajs_anonymous_id?: string;
  client_id?: string;
  actor?: { id: string; source: 'api' | 'dashboard' | 'admin_portal' | 'system'; name?: string };
}

/**
 * What WorkOS sends and the Node SDK does not read, after the models that workos-python 10 has from
 * the API's own description (2026-11).
 */
type Unread =
  | { like: { event: string }; are: { context?: Context } }
  | {
      like: { object: 'connection' };
      are: { external_key: string; status: 'linked' | 'unlinked' };
    }
  | {
      like: { object: 'directory_user' };
      are: {
        emails?: { primary?: boolean; type?: string; value?: string }[];
        job_title?: string;
        username?: string;
      };
    }
  | {
      like: { idp_id: string; name: string; raw_attributes: unknown };
      are: { object: 'directory_group' };
    };

export type Body<Event extends string> = NullForAbsent<
  Wire<Extract<EventResponse, { event: Event }>, Unread>
>;

export const workos: TypeJudge = {
  provider: 'workos',
  packages: ['@workos-inc/node'],
  named: { event: 'connection.activated', path: 'data.connection_type' },
  anything: {
    'data.raw_attributes': 'as the identity provider has it',
    'data.user.raw_attributes': 'as the identity provider has it',
    'data.group.raw_attributes': 'as the identity provider has it',
  },
  anyName: {
    'data.metadata': 'what the application keeps there',
    'data.raw_attributes': 'as the identity provider has it',
    'data.user.raw_attributes': 'as the identity provider has it',
    'data.group.raw_attributes': 'as the identity provider has it',
    'data.custom_attributes': 'attributes that the customer maps',
    'data.user.custom_attributes': 'attributes that the customer maps',
  },
};
