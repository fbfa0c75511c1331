import { alphanumeric, digits } from '../core/ids.ts';
import { inJson, inQuery } from '../core/place.ts';
import { xCrc } from '../handshakes/x.ts';
import { hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

/** The one list of events in the body: `tweet_create_events`, `follow_events` and so on. */
function typeOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  return Object.keys(payload).find((name) => /_events?$/.test(name));
}

export default defineProvider({
  id: 'x',
  title: 'X, formerly Twitter',
  docs: 'https://docs.x.com/x-api/webhooks/introduction',
  schemes: [
    hmac({
      id: 'x',
      header: 'x-twitter-webhooks-signature',
      encoding: 'base64',
      prefix: 'sha256=',
    }),
  ],
  secret: {
    env: [
      'X_CONSUMER_SECRET',
      'X_API_SECRET',
      'TWITTER_CONSUMER_SECRET',
      'TWITTER_API_SECRET',
      'TWITTER_API_SECRET_KEY',
    ],
    kind: "the app's consumer secret (API key secret)",
    generate: (random) => alphanumeric(50, random),
  },
  identify: {
    headers: { 'x-twitter-webhooks-signature': true },
    or: { headers: {}, body: [[inQuery('crc_token')]] },
  },
  event: {
    type: [],
    typeOf,
    id: inJson('tweet_create_events.0.id_str'),
    fallback: { type: [], id: inJson('direct_message_events.0.id') },
  },
  eventId: (random) => `1${digits(15, random)}${digits(3, random)}`,
  headers: [
    ['Content-Type', 'application/json'],
    ['Accept', '*/*'],
  ],
  // Ten seconds (documentation, 2026-11); a schedule of retries is not published.
  deadlineMs: 10_000,
  retries: { kind: 'none' },
  bodyStyle: 'compact',
  handshakes: [xCrc],
  sourceIps: {
    // The older documentation of Twitter in a third-party copy (read 2026-11); there is no list for
    // programs.
    ranges: [
      '199.59.148.0/22',
      '199.16.156.0/22',
      '192.133.77.0/26',
      '64.63.15.0/24',
      '64.63.31.0/24',
      '64.63.47.0/24',
      '202.160.128.0/24',
      '202.160.129.0/24',
      '202.160.130.0/24',
    ],
    asOf: '2026-11-25',
  },
});
