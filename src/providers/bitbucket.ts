import { alphanumeric, uuid } from '../core/ids.ts';
import { inHeader } from '../core/place.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'bitbucket',
  title: 'Bitbucket',
  docs: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/',
  // SHA-256 in the header in which GitHub has SHA-1 (third-party code, 2026-11).
  schemes: [hmac({ id: 'bitbucket', header: 'X-Hub-Signature', prefix: 'sha256=' })],
  secret: {
    env: ['BITBUCKET_WEBHOOK_SECRET', 'BITBUCKET_SECRET'],
    kind: 'webhook secret, chosen by you',
    generate: (random) => alphanumeric(40, random),
  },
  identify: { headers: { 'x-event-key': true } },
  event: {
    type: [inHeader('X-Event-Key')],
    id: inHeader('X-Request-UUID'),
    // Bitbucket Data Center names its requests so.
    fallback: { type: [], id: inHeader('X-Request-Id') },
  },
  eventId: uuid,
  headers: [
    // As third parties have captured it (2026-11).
    ['User-Agent', 'Bitbucket-Webhooks/2.0'],
    ['Content-Type', 'application/json'],
    ['X-Event-Key', '{{type}}'],
    ['X-Hook-UUID', '{{uuid:hook}}'],
    ['X-Request-UUID', '{{eventId}}'],
    ['X-Attempt-Number', '1'],
  ],
  // Recalled (2026-11): ten seconds, and two more attempts at once, after a 5xx or a timeout.
  deadlineMs: 10_000,
  retries: { kind: 'delays', delaysMs: [1_000, 1_000] },
  bodyStyle: 'compact',
  sourceIps: {
    // What Atlassian's cloud sends from in IPv4, as third parties copied it from the address below,
    // last in June 2026 (read 2026-11); there, egress and bitbucket are what counts, IPv6 too.
    ranges: [
      '13.52.5.96/28',
      '13.236.8.224/28',
      '18.136.214.96/28',
      '18.184.99.224/28',
      '18.234.32.224/28',
      '18.246.31.224/28',
      '52.215.192.224/28',
      '104.192.137.240/28',
      '104.192.138.240/28',
      '104.192.140.240/28',
      '104.192.142.240/28',
      '104.192.143.240/28',
      '185.166.142.240/28',
      '185.166.143.240/28',
    ],
    asOf: '2026-06-18',
    url: 'https://ip-ranges.atlassian.com/',
  },
});
