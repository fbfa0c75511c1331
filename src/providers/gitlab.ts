import { alphanumeric, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { base64Key, type SecretKey, textKey } from '../schemes/secret-key.ts';
import { sharedToken } from '../schemes/shared-token.ts';
import { standardWebhooksWith } from '../schemes/standard-webhooks.ts';
import { defineProvider } from './define-provider.ts';

const base64 = base64Key('whsec_');

/** `whsec_` and exactly 32 bytes in base64: GitLab merge request !231325 (read 2026-11). */
const signingToken: SecretKey = {
  ...base64,
  fault(secret) {
    if (!secret.startsWith('whsec_')) return 'is not a signing token (whsec_…)';
    if (base64.fault(secret) !== undefined) return base64.fault(secret);
    return base64.bytes(secret).length === 32 ? undefined : 'does not hold 32 bytes';
  },
};

const secretToken: Pick<SecretKey, 'fault'> = {
  fault: (secret) =>
    signingToken.fault(secret) === undefined
      ? 'is a signing token, not a secret token'
      : textKey.fault(secret),
};

/** Kinds of events whose hook has another name than theirs. */
const HOOKS: Readonly<Record<string, string>> = {
  access_token: 'Resource Access Token',
  build: 'Job',
  project_create: 'Project',
  project_destroy: 'Project',
  subgroup_create: 'Subgroup',
  subgroup_destroy: 'Subgroup',
  user_add_to_group: 'Member',
  user_remove_from_group: 'Member',
  user_update_for_group: 'Member',
  work_item: 'Issue',
};

/** `merge_request` as the header has it: `Merge Request Hook`. */
function hookOf(kind: string): string {
  const words = kind.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${HOOKS[kind] ?? words.join(' ')} Hook`;
}

export default defineProvider({
  id: 'gitlab',
  title: 'GitLab',
  docs: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
  schemes: [
    sharedToken({ id: 'gitlab-token', header: 'X-Gitlab-Token', key: secretToken }),
    standardWebhooksWith(signingToken),
  ],
  secret: {
    env: ['GITLAB_WEBHOOK_SECRET', 'GITLAB_WEBHOOK_TOKEN', 'GITLAB_SECRET_TOKEN'],
    kind: 'secret token, chosen by you, or signing token (whsec_… holding 32 bytes in base64)',
    generate: (random) => alphanumeric(32, random),
  },
  identify: { headers: { 'x-gitlab-event': true } },
  event: {
    type: [inJson('object_kind')],
    id: inHeader('Idempotency-Key'),
    fallback: { type: [inJson('event_name')], id: inHeader('X-Gitlab-Event-UUID') },
  },
  eventId: uuid,
  headers: [
    ['Content-Type', 'application/json'],
    // GitLab/VERSION, as documented (2026-11); the version is one of 2025-11 (recalled).
    ['User-Agent', 'GitLab/18.6.0'],
    ['X-Gitlab-Webhook-UUID', '{{uuid:hook}}'],
    ['X-Gitlab-Instance', 'https://gitlab.example.com'],
    ['X-Gitlab-Event-UUID', '{{uuid:event}}'],
  ],
  headersOf: (event) => [['X-Gitlab-Event', hookOf(event)]],
  // Third-party text citing the documentation (2026-11): ten seconds on GitLab.com; a failing hook
  // is switched off for a while, but a delivery is only repeated by hand.
  deadlineMs: 10_000,
  retries: { kind: 'none' },
  bodyStyle: 'compact',
  // GitLab.com's own, from which its webhooks come: GitLab's documentation (read 2026-11). The page,
  // https://docs.gitlab.com/user/gitlab_com/#ip-range, is for people; programs have none.
  sourceIps: { ranges: ['34.74.90.64/28', '34.74.226.0/24'], asOf: '2026-11-25' },
});
