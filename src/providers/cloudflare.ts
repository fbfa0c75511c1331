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
});
