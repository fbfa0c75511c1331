import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type App,
  HTTPReceiver,
  LogLevel,
  type ReceiverEvent,
  verifySlackRequest,
} from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/ids.ts';
import { payloadOf } from '../../src/core/place.ts';
import { signSpoiled } from '../../src/deliver/spoil.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import slack from '../../src/providers/slack.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { composed } from '../helpers/requests.ts';
import { stop } from '../helpers/servers.ts';
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

describe("bolt's own server", () => {
  const secret = slack.secret.generate(seededRandom('bolt'));
  const received: unknown[] = [];
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    const receiver = new HTTPReceiver({
      signingSecret: secret,
      endpoints: '/hooks',
      logLevel: LogLevel.ERROR,
    });
    receiver.init({
      async processEvent({ body, ack }: ReceiverEvent) {
        received.push(body);
        await ack();
      },
    } as unknown as App);
    server = (await receiver.start({ port: 0, host: '127.0.0.1' })) as Server;
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => stop(server));

  const options = (eventId: string) => ({ secret, eventId, at: new Date() });

  it.each(listFixtures('slack'))('takes $event', async ({ event }) => {
    received.length = 0;
    const request = composed(slack, event);
    const signed = signRequest(request, slack, options(request.eventId));
    expect((await ask(origin, signed)).status).toBe(200);
    const fields = Object.fromEntries(new URLSearchParams(text(signed)));
    expect(received).toEqual([payloadOf(signed) ?? fields]);
    const spoiling = { spoil: 'body', random: seededRandom(event) } as const;
    const spoiled = signSpoiled(request, slack, { ...options(request.eventId), ...spoiling });
    expect((await ask(origin, spoiled)).status).toBe(401);
    expect(received).toHaveLength(1);
  });

  it('answers the handshake as Slack wants it', async () => {
    const challenge = challengeOf(slack, 'url_verification', `${origin}/hooks`, secret);
    const answer = await ask(origin, challenge);
    expect(answer.status).toBe(200);
    expect(faultOf(slack, 'url_verification', answer, challenge, secret)).toBeUndefined();
  });
});
