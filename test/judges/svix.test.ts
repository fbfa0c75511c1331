import { Webhook, WebhookVerificationError } from 'svix';
import { withHeader } from '../../src/core/headers.ts';
import type { RawRequest } from '../../src/core/types.ts';
import clerk from '../../src/providers/clerk.ts';
import resend from '../../src/providers/resend.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';
import svix from '../../src/providers/svix.ts';
import { NOON } from '../helpers/requests.ts';
import { headersOf, testJudge } from './judge.ts';

function accepts(request: RawRequest, secret: string): boolean {
  try {
    // It parses what it has verified, and its own fixtures are JSON.
    new Webhook(secret).verify(Buffer.from(request.body), headersOf(request));
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

for (const [provider, prefix] of [
  [svix, 'svix'],
  [clerk, 'svix'],
  [resend, 'svix'],
  [standardWebhooks, 'webhook'],
] as const) {
  testJudge({
    sdk: 'svix',
    provider,
    accepts,
    signs(request, secret) {
      const { eventId, body } = request;
      const signature = new Webhook(secret).sign(eventId, NOON, Buffer.from(body).toString());
      let { headers } = request;
      headers = withHeader(headers, `${prefix}-id`, eventId);
      headers = withHeader(headers, `${prefix}-timestamp`, String(NOON.getTime() / 1_000));
      headers = withHeader(headers, `${prefix}-signature`, signature);
      return { ...request, headers };
    },
    reads: { 'twice, after a comma': 'svix 1.99 passes over what follows a second comma' },
    decodes: 'svix 1.99 decodes the body to text before it signs it',
  });
}
