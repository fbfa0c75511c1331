import { signWebhookPayload, verifyWebhookSignature } from '@notionhq/client';
import { expect, it } from 'vitest';
import { withHeader } from '../../src/core/headers.ts';
import { seededRandom } from '../../src/core/ids.ts';
import type { RawRequest } from '../../src/core/types.ts';
import notion from '../../src/providers/notion.ts';
import { header, testJudge } from './judge.ts';
import { challengeOf } from './wire.ts';

const HEADER = 'X-Notion-Signature';

const accepts = (request: RawRequest, verificationToken: string) =>
  verifyWebhookSignature({
    body: Uint8Array.from(request.body),
    signature: header(request, HEADER),
    verificationToken,
  });

testJudge({
  sdk: '@notionhq/client',
  provider: notion,
  accepts,
  async signs(request, verificationToken) {
    const body = Uint8Array.from(request.body);
    const signature = await signWebhookPayload({ body, verificationToken });
    return { ...request, headers: withHeader(request.headers, HEADER, signature) };
  },
});

it('@notionhq/client accepts the request that brings the token, signed with it', async () => {
  const token = notion.secret.generate(seededRandom('notion'));
  const challenge = challengeOf(notion, 'verification_token', 'http://localhost/hooks', token);
  expect(await accepts(challenge, token)).toBe(true);
});
