import { inJson } from '../core/place.ts';
import { defineProvider } from './define-provider.ts';
import { throughSvix } from './svix.ts';

const { generate, ...common } = throughSvix;

export default defineProvider({
  ...common,
  id: 'resend',
  title: 'Resend',
  docs: 'https://resend.com/docs/webhooks/introduction',
  secret: {
    env: ['RESEND_WEBHOOK_SECRET', 'RESEND_WEBHOOK_SIGNING_SECRET'],
    kind: 'signing secret (whsec_… holding base64)',
    generate,
  },
  identify: {
    headers: { 'svix-id': true, 'svix-signature': true },
    body: [
      [inJson('type'), /^(?:email|contact|domain|suppression|topic|inbox)\./],
      [inJson('created_at')],
    ],
  },
});
