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
  sourceIps: {
    // Those of Svix, who sends for Clerk, in the region US; third-party code has them for Clerk too
    // (read 2026-11). The address has those of all regions.
    ranges: [
      '44.228.126.217/32',
      '50.112.21.217/32',
      '52.24.126.164/32',
      '54.148.139.208/32',
      '2600:1f24:64:8000::/52',
    ],
    asOf: '2026-11-25',
    url: 'https://docs.svix.com/webhook-ips.json',
  },
});
