import { hex, uuid } from '../core/ids.ts';
import { inJson, readPlace } from '../core/place.ts';
import type { RawRequest } from '../core/types.ts';
import { sharedToken } from '../schemes/shared-token.ts';
import { timestampedHmac } from '../schemes/timestamped-hmac.ts';
import { defineProvider } from './define-provider.ts';

/** Stream tells of one video, by its uid; notifications have no such field. */
const isOfStream = (request: RawRequest): boolean =>
  readPlace(request, inJson('uid')) !== undefined;

function streamType(payload: unknown): string | undefined {
  const { uid, status } = (payload ?? {}) as { uid?: unknown; status?: { state?: unknown } };
  return typeof uid === 'string' && typeof status?.state === 'string'
    ? `stream.video.${status.state}`
    : undefined;
}

export default defineProvider({
  id: 'cloudflare',
  title: 'Cloudflare',
  docs: 'https://developers.cloudflare.com/notifications/get-started/configure-webhooks/',
  schemes: [
    {
      ...sharedToken({ id: 'cloudflare-notifications', header: 'cf-webhook-auth' }),
      appliesTo: (request) => !isOfStream(request),
    },
    {
      ...timestampedHmac({
        id: 'cloudflare-stream',
        header: 'Webhook-Signature',
        names: { timestamp: 'time', signature: 'sig1' },
        separator: ',',
        joint: '.',
        // The documentation leaves the age to the receiver (read 2026-11).
        toleranceMs: Infinity,
        refuseEarly: false,
      }),
      appliesTo: isOfStream,
    },
  ],
  secret: {
    env: ['CLOUDFLARE_WEBHOOK_SECRET', 'CLOUDFLARE_STREAM_WEBHOOK_SECRET', 'CF_WEBHOOK_AUTH'],
    kind: "a notification webhook's secret, chosen by you, or the one Stream's API answers with",
    generate: (random) => hex(32, random),
  },
  identify: {
    headers: { 'cf-webhook-auth': true },
    or: { headers: { 'webhook-signature': /^time=\d+,sig1=/ } },
  },
  event: {
    type: [inJson('alert_type')],
    id: inJson('alert_correlation_id'),
    fallback: { type: [], typeOf: streamType, id: inJson('uid') },
  },
  eventId: (random) => uuid(random).replaceAll('-', ''),
  headers: [
    ['Content-Type', 'application/json'],
    ['Accept', '*/*'],
  ],
  // Neither a deadline nor a schedule is published (2026-11).
  retries: { kind: 'none' },
  bodyStyle: 'compact',
  sourceIps: {
    // Notifications come from Cloudflare's own networks: its documentation (read 2026-11). The list
    // from several stored copies of it (2026-02); the address has it as it is.
    ranges: [
      '173.245.48.0/20',
      '103.21.244.0/22',
      '103.22.200.0/22',
      '103.31.4.0/22',
      '141.101.64.0/18',
      '108.162.192.0/18',
      '190.93.240.0/20',
      '188.114.96.0/20',
      '197.234.240.0/22',
      '198.41.128.0/17',
      '162.158.0.0/15',
      '104.16.0.0/13',
      '104.24.0.0/14',
      '172.64.0.0/13',
      '131.0.72.0/22',
      '2400:cb00::/32',
      '2606:4700::/32',
      '2803:f800::/32',
      '2405:b500::/32',
      '2405:8100::/32',
      '2a06:98c0::/29',
      '2c0f:f248::/32',
    ],
    asOf: '2026-02-28',
    url: 'https://api.cloudflare.com/client/v4/ips',
  },
});
