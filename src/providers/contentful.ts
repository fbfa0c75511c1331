import { alphanumeric, uuid } from '../core/ids.ts';
import { inHeader } from '../core/place.ts';
import { contentfulHmac } from '../schemes/contentful.ts';
import { defineProvider } from './define-provider.ts';

export default defineProvider({
  id: 'contentful',
  title: 'Contentful',
  docs: 'https://www.contentful.com/developers/docs/webhooks/',
  schemes: [contentfulHmac],
  secret: {
    env: ['CONTENTFUL_WEBHOOK_SIGNING_SECRET', 'CONTENTFUL_SIGNING_SECRET'],
    kind: 'signing secret for request verification (64 characters)',
    generate: (random) => alphanumeric(64, random),
  },
  identify: { headers: { 'x-contentful-topic': true } },
  // The body is the entry itself; nothing names the event.
  event: { type: [inHeader('X-Contentful-Topic')] },
  eventId: uuid,
  headers: [
    ['X-Contentful-Topic', '{{type}}'],
    ['X-Contentful-Webhook-Name', 'hookcli'],
    ['X-Contentful-Webhook-Request-Attempt', '1'],
    ['Content-Type', 'application/vnd.contentful.management.v1+json'],
  ],
  // Recalled, 2026-11: 30 seconds, and two more tries when the answer is 429 or 5xx.
  deadlineMs: 30_000,
  retries: { kind: 'delays', delaysMs: [30_000, 60_000] },
  bodyStyle: 'compact',
});
