import { Paddle } from '@paddle/paddle-node-sdk';
import { expect, it } from 'vitest';
import { listFixtures } from '../../src/fixtures/read.ts';
import paddle from '../../src/providers/paddle.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { composed, later } from '../helpers/requests.ts';
import { header, testJudge, text, unlessRefused } from './judge.ts';

const { webhooks } = new Paddle('never-sent');

testJudge({
  sdk: '@paddle/paddle-node-sdk',
  provider: paddle,
  accepts: (request, secret) =>
    unlessRefused(
      // It also builds its own event of the payload, and so trips over one of the wrong shape.
      () => webhooks.unmarshal(text(request), secret, header(request, 'Paddle-Signature')),
      /^\[Paddle\] (Invalid webhook signature|Webhook signature verification failed)$/,
    ),
  reads: { 'twice, after a semicolon': 'paddle 3 lets the last of each name count' },
  decodes: 'paddle 3 takes the body as text',
});

it.each(listFixtures('paddle'))('paddle has a class of its own for $event', async ({ event }) => {
  const request = composed(paddle, event);
  const secret = 'pdl_ntfset_judge';
  // It takes any time ahead, and five seconds behind could be few on a busy machine.
  const options = { secret, eventId: request.eventId, at: later(new Date(), 60_000) };
  const signed = signRequest(request, paddle, options);
  const made = await webhooks.unmarshal(text(signed), secret, header(signed, 'Paddle-Signature'));
  expect(made).toMatchObject({ eventType: event, eventId: request.eventId });
  expect(made.constructor.name).not.toBe('GenericEvent');
});
