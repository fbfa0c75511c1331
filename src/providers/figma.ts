import { alphanumeric, uuid } from '../core/ids.ts';
import { inJson } from '../core/place.ts';
import { bodyToken } from '../schemes/body-token.ts';
import { defineProvider } from './define-provider.ts';

const MINUTE = 60_000;

export default defineProvider({
  id: 'figma',
  title: 'Figma',
  docs: 'https://developers.figma.com/docs/rest-api/webhooks/',
  schemes: [bodyToken({ id: 'figma', field: 'passcode' })],
  secret: {
    env: ['FIGMA_WEBHOOK_PASSCODE', 'FIGMA_PASSCODE', 'FIGMA_WEBHOOK_SECRET'],
    kind: 'passcode, chosen by you, at most 100 characters',
    generate: (random) => alphanumeric(40, random),
  },
  identify: {
    headers: {},
    body: [[inJson('event_type'), /^[A-Z_]+$/], [inJson('webhook_id')], [inJson('timestamp')]],
  },
  event: { type: [inJson('event_type')] },
  eventId: uuid,
  headers: [
    ['Content-Type', 'application/json'],
    ['Accept', '*/*'],
  ],
  // No deadline is published; three more attempts (recalled, 2026-11).
  retries: { kind: 'delays', delaysMs: [5 * MINUTE, 30 * MINUTE, 180 * MINUTE] },
  bodyStyle: 'compact',
});
