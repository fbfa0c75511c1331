import { inJson } from '../core/place.ts';
import { defineProvider } from './define-provider.ts';
import { throughSvix } from './svix.ts';

const { generate, ...common } = throughSvix;

export default defineProvider({
  ...common,
  id: 'clerk',
  title: 'Clerk',
  docs: 'https://clerk.com/docs/webhooks/overview',
  secret: {
    env: ['CLERK_WEBHOOK_SIGNING_SECRET', 'CLERK_WEBHOOK_SECRET'],
    kind: 'signing secret (whsec_… holding base64)',
    generate,
  },
  identify: {
    headers: { 'svix-id': true, 'svix-signature': true },
    body: [[inJson('object'), /^event$/]],
  },
});
