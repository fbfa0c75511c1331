import { alphanumeric, uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { zoomUrlValidation } from '../handshakes/zoom.ts';
import { hmac } from '../schemes/hmac.ts';
import { FIVE_MINUTES } from '../schemes/timestamp.ts';
import { defineProvider } from './define-provider.ts';

const MINUTE = 60_000;

export default defineProvider({
  id: 'zoom',
  title: 'Zoom',
  docs: 'https://developers.zoom.us/docs/api/webhooks/',
  schemes: [
    hmac({
      id: 'zoom',
      header: 'x-zm-signature',
      prefix: 'v0=',
      signs: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
      timestamp: {
        header: 'x-zm-request-timestamp',
        format: 's',
        // Zoom signs the time but names no tolerance, and its sample checks none (2026-11).
        toleranceMs: FIVE_MINUTES,
        refuseEarly: false,
      },
    }),
  ],
  secret: {
    env: ['ZOOM_WEBHOOK_SECRET_TOKEN', 'ZOOM_WEBHOOK_SECRET', 'ZOOM_SECRET_TOKEN'],
    kind: 'secret token, from the Features page of the app',
    generate: (random) => alphanumeric(22, random),
  },
  identify: { headers: { 'x-zm-signature': true } },
  // Events carry no id that a redelivery would keep.
  event: { type: [inJson('event')] },
  eventId: uuid,
  headers: [
    // Recalled, 2026-11, and so is the one with the trace below.
    ['User-Agent', 'Zoom Marketplace/1.0a'],
    ['Accept', '*/*'],
    ['x-zm-trackingid', 'WEB_{{hex:32}}'],
    ['Content-Type', 'application/json'],
  ],
  // Recalled, 2026-11: three seconds, and three more tries.
  deadlineMs: 3_000,
  retries: { kind: 'delays', delaysMs: [5 * MINUTE, 30 * MINUTE, 90 * MINUTE] },
  success: '200 or 204',
  bodyStyle: 'compact',
  // No addresses: what Zoom publishes is of its clients, and third parties do not agree on which of
  // them send webhooks (2026-11).
  handshakes: [zoomUrlValidation],
});
