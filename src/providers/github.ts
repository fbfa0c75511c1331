import { hex, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

interface Target {
  readonly id: string;
  readonly type: string;
}

const REPOSITORY: Target = { id: '{{int:9:repo}}', type: 'repository' };

/**
 * Where the webhook is set up that gets an event, if no repository's webhook does: kinds of events by
 * the description of GitHub's webhooks, the first two types seen in captures, the last two assumed
 * to be named as in that description (2026-11).
 */
const TARGETS: readonly (readonly [Target, readonly string[]])[] = [
  [
    { id: '{{int:8:org}}', type: 'organization' },
    [
      'custom_property',
      'membership',
      'org_block',
      'organization',
      'personal_access_token_request',
      'projects_v2',
      'projects_v2_item',
      'projects_v2_status_update',
      'team',
    ],
  ],
  [
    { id: '{{int:6:app}}', type: 'integration' },
    [
      'deployment_protection_rule',
      'deployment_review',
      'github_app_authorization',
      'installation',
      'installation_repositories',
      'installation_target',
      'merge_group',
      'repository_dispatch',
      'security_advisory',
      'workflow_dispatch',
    ],
  ],
  [{ id: '{{int:5:listing}}', type: 'marketplace' }, ['marketplace_purchase']],
  [{ id: '{{int:5:listing}}', type: 'sponsors_listing' }, ['sponsorship']],
];

function targetOf(event: string): Target {
  // A repository that is just made has no webhook of its own yet.
  const kind = event === 'repository.created' ? 'organization' : event.split('.', 1)[0];
  return TARGETS.find(([, kinds]) => kinds.some((of) => of === kind))?.[0] ?? REPOSITORY;
}

export default defineProvider({
  id: 'github',
  title: 'GitHub',
  docs: 'https://docs.github.com/en/webhooks',
  schemes: [
    hmac({ id: 'github', header: 'X-Hub-Signature-256', prefix: 'sha256=' }),
    hmac({
      id: 'github-sha1',
      header: 'X-Hub-Signature',
      algorithm: 'sha1',
      prefix: 'sha1=',
      legacy: true,
    }),
  ],
  secret: {
    env: ['GITHUB_WEBHOOK_SECRET', 'GH_WEBHOOK_SECRET'],
    kind: 'webhook secret, chosen by you when the webhook is made',
    generate: (random) => hex(40, random),
  },
  identify: { headers: { 'x-github-event': true } },
  event: {
    type: [inHeader('X-GitHub-Event'), inJson('action')],
    // A redelivery keeps the GUID (recalled, 2026-11), so it names the event and the delivery alike.
    id: inHeader('X-GitHub-Delivery'),
    delivery: inHeader('X-GitHub-Delivery'),
  },
  eventId: uuid,
  headers: [
    ['User-Agent', 'GitHub-Hookshot/{{hex:7}}'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
    ['X-GitHub-Delivery', '{{eventId}}'],
    ['X-GitHub-Event', '{{type}}'],
    ['X-GitHub-Hook-ID', '{{int:9:hook}}'],
  ],
  headersOf: (event) => {
    const { id, type } = targetOf(event);
    return [
      ['X-GitHub-Hook-Installation-Target-ID', id],
      ['X-GitHub-Hook-Installation-Target-Type', type],
    ];
  },
  // Ten seconds and no automatic retry: GitHub's documentation (read 2026-11).
  deadlineMs: 10_000,
  retries: { kind: 'none' },
  bodyStyle: 'compact',
  form: true,
  sourceIps: {
    // Recalled, 2026-11; the address has them under "hooks" as they are.
    ranges: [
      '192.30.252.0/22',
      '185.199.108.0/22',
      '140.82.112.0/20',
      '143.55.64.0/20',
      '2a0a:a440::/29',
      '2606:50c0::/32',
    ],
    asOf: '2026-11-25',
    url: 'https://api.github.com/meta',
  },
});
