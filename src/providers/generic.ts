import { hex, uuid } from '../core/ids.ts';
import { inHeader, inJson } from '../core/place.ts';
import type { Provider } from '../core/types.ts';
import { type HmacOptions, hmac } from '../schemes/hmac.ts';
import { defineProvider } from './define-provider.ts';

/** What a home-made sender may do differently. */
export type GenericOptions = Partial<
  Pick<HmacOptions, 'header' | 'algorithm' | 'encoding' | 'prefix'>
>;

/** The plain way of home-made senders: an HMAC of the body in one header, every part adjustable. */
export function generic(options: GenericOptions = {}): Provider {
  return defineProvider({
    id: 'generic',
    title: 'Generic HMAC',
    docs: 'https://webhooks.fyi/security/hmac',
    schemes: [hmac({ id: 'generic', header: 'X-Signature', ...options })],
    secret: {
      env: ['WEBHOOK_SIGNING_SECRET', 'WEBHOOK_SECRET'],
      kind: 'shared secret, any text',
      generate: (random) => hex(64, random),
    },
    identify: { headers: { 'x-event-type': true, 'x-event-id': true } },
    event: {
      type: [inHeader('X-Event-Type')],
      id: inHeader('X-Event-Id'),
      fallback: { type: [inJson('type')], id: inJson('id') },
    },
    eventId: uuid,
    headers: [
      ['User-Agent', 'hookcli'],
      ['Accept', '*/*'],
      ['X-Event-Type', '{{type}}'],
      ['X-Event-Id', '{{eventId}}'],
      ['Content-Type', 'application/json'],
    ],
    retries: { kind: 'none' },
    bodyStyle: 'compact',
  });
}

export default generic();
