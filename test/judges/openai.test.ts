import OpenAI from 'openai';
import { expect, it } from 'vitest';
import type { RawRequest } from '../../src/core/types.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import openai from '../../src/providers/openai.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { composed } from '../helpers/requests.ts';
import { headersOf, testJudge, text, unlessRefused } from './judge.ts';

const { webhooks } = new OpenAI({ apiKey: 'never-sent' });

const LAX = 'openai 6 decodes base64 as Node does, which stops at what is none';

const accepts = (request: RawRequest, secret: string) =>
  unlessRefused(
    () => webhooks.unwrap(text(request), headersOf(request), secret),
    /webhook (signature|timestamp)|^Missing required header: webhook-/i,
  );

testJudge({
  sdk: 'openai',
  provider: openai,
  accepts,
  reads: {
    'without its prefix': 'openai 6 takes a signature of no version for one of its own',
    'without its last character': LAX,
    'with a character too many': LAX,
    'without padding': LAX,
    'twice, after a comma': LAX,
    'twice, after a semicolon': LAX,
  },
  decodes: 'openai 6 takes the body as text',
});

it('openai and we agree that a secret without whsec_ is the key as it stands', async () => {
  const { event } = listFixtures('openai')[0] as { event: string };
  const request = composed(openai, event);
  for (const secret of ['plain text', 'bm90IGRlY29kZWQgaWYgYmFyZQ==']) {
    const options = { secret, eventId: request.eventId, at: new Date() };
    expect(await accepts(signRequest(request, openai, options), secret)).toBe(true);
  }
});
