import { hex, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

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
    ['X-GitHub-Delivery', '{{eventId}}'],
    ['X-GitHub-Event', '{{type}}'],
    ['X-GitHub-Hook-ID', '{{int:9:hook}}'],
    ['X-GitHub-Hook-Installation-Target-ID', '{{int:9:repository}}'],
    ['X-GitHub-Hook-Installation-Target-Type', 'repository'],
    ['Content-Type', 'application/json'],
  ],
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
