import { alphanumeric } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import { standardWebhooksEd25519, standardWebhooksHmac } from '../schemes/standard-webhooks.ts';
import { defineProvider } from './define-provider.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export default defineProvider({
  id: 'standard-webhooks',
  title: 'Standard Webhooks',
  docs: 'https://www.standardwebhooks.com',
  schemes: [standardWebhooksHmac, standardWebhooksEd25519],
  secret: {
    env: ['STANDARD_WEBHOOKS_SECRET'],
    kind: 'signing secret (whsec_… holding base64), or a key pair (whpk_…, whsk_…)',
    generate: (random) => `whsec_${Buffer.from(random.bytes(32)).toString('base64')}`,
  },
  identify: {
    headers: { 'webhook-id': true, 'webhook-signature': true },
    // GitLab may sign so as well.
    without: ['x-gitlab-event'],
  },
  event: { type: [inJson('type')], id: inHeader('webhook-id') },
  eventId: (random) => `msg_${alphanumeric(27, random)}`,
  headers: [
    ['User-Agent', 'Standard-Webhooks/1.0'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  // The specification asks for 15 to 30 seconds and gives this schedule as its example (2026-11).
  deadlineMs: 15_000,
  retries: {
    kind: 'delays',
    delaysMs: [
      5_000,
      5 * MINUTE,
      30 * MINUTE,
      2 * HOUR,
      5 * HOUR,
      10 * HOUR,
      14 * HOUR,
      20 * HOUR,
      24 * HOUR,
    ],
  },
  success: 'any 2xx; 410 disables the endpoint',
  bodyStyle: 'compact',
});
