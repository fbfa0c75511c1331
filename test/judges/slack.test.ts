import type { Server } from 'node:http';
import { verifySlackRequest } from '@slack/bolt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/ids.ts';
import slack from '../../src/providers/slack.ts';
import { stop } from '../helpers/servers.ts';
import { originOf } from './handlers/handler.ts';
import { slack as bolt } from './handlers/slack.ts';
import { header, testJudge, text, unlessRefused } from './judge.ts';
import { ask, challengeOf, faultOf } from './wire.ts';

testJudge({
  sdk: '@slack/bolt',
  provider: slack,
  accepts: (request, signingSecret) =>
    unlessRefused(
      () =>
        verifySlackRequest({
          signingSecret,
          body: text(request),
          headers: {
            'x-slack-signature': header(request, 'x-slack-signature'),
            'x-slack-request-timestamp': Number(header(request, 'x-slack-request-timestamp')),
          },
        }),
      /^Failed to verify authenticity/,
    ),
  agesApart: {
    seconds: [-86_400, -301],
    why: 'bolt 5 asks for the age only; the documentation for the distance either way',
  },
  decodes: 'bolt 5 takes the body as text',
});

const secret = slack.secret.generate(seededRandom('bolt'));
let server: Server;
beforeAll(async () => {
  server = await bolt.serve({ secret, events: [], hear() {} });
});
afterAll(() => stop(server));

it("bolt's own server answers the handshake as Slack wants it", async () => {
  const url = `${originOf(server)}/hooks`;
  const challenge = challengeOf(slack, 'url_verification', url, secret);
  const answer = await ask(originOf(server), challenge);
  expect(answer.status).toBe(200);
  expect(faultOf(slack, 'url_verification', answer, challenge, secret)).toBeUndefined();
});
