import { alphanumeric } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import type { Header, Random, RetrySchedule } from '../core/types.ts';
import { svixHmac } from '../schemes/standard-webhooks.ts';
import { defineProvider } from './define-provider.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What everybody who sends through Svix has in common. */
export const throughSvix = {
  schemes: [svixHmac],
  generate: (random: Random): string => `whsec_${Buffer.from(random.bytes(24)).toString('base64')}`,
  event: { type: [inJson('type')], id: inHeader('svix-id') },
  eventId: (random: Random): string => `msg_${alphanumeric(27, random)}`,
  headers: [
    ['User-Agent', 'Svix-Webhooks/1.84.0'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ] as readonly Header[],
  // The documentation of Svix, and of Resend who repeats it (read 2026-11).
  deadlineMs: 15_000,
  retries: {
    kind: 'delays',
    delaysMs: [5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR],
  } as RetrySchedule,
  success: 'any 2xx; 410 disables the endpoint',
  bodyStyle: 'compact',
} as const;

const { generate, ...common } = throughSvix;

export default defineProvider({
  ...common,
  id: 'svix',
  title: 'Svix',
  docs: 'https://docs.svix.com/receiving/verifying-payloads/how',
  secret: {
    env: ['SVIX_WEBHOOK_SECRET', 'SVIX_SECRET', 'SVIX_SIGNING_SECRET'],
    kind: 'signing secret (whsec_… holding base64)',
    generate,
  },
  identify: { headers: { 'svix-id': true, 'svix-signature': true } },
  sourceIps: {
    // The regions US and EU, as Svix documents them (read 2026-11).
    ranges: [
      '44.228.126.217/32',
      '50.112.21.217/32',
      '52.24.126.164/32',
      '54.148.139.208/32',
      '2600:1f24:64:8000::/56',
      '52.215.16.239/32',
      '54.216.8.72/32',
      '63.33.109.123/32',
      '2a05:d028:17:8000::/56',
    ],
    asOf: '2026-11-25',
    url: 'https://docs.svix.com/webhook-ips.json',
  },
});
