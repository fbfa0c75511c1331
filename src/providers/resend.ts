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
  sourceIps: {
    // Resend's documentation as third parties cite it (read 2026-11): those of Svix in the region US.
    // The address has those of all regions.
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
