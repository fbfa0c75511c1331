import { WorkOS } from '@workos-inc/node';
import { expect, it } from 'vitest';
import { withHeader } from '../../src/core/headers.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import workos from '../../src/providers/workos.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { composed, NOON } from '../helpers/requests.ts';
import { header, testJudge, text, unlessRefused } from './judge.ts';

const { webhooks } = new WorkOS('never_sent');
const RUBBISH = 'a pair that is no signature takes nothing away from the one that fits';
const HEADER = 'WorkOS-Signature';

testJudge({
  sdk: '@workos-inc/node',
  provider: workos,
  accepts: (request, secret) =>
    unlessRefused(() => {
      const sigHeader = header(request, HEADER);
      return webhooks.constructEvent({ payload: JSON.parse(text(request)), sigHeader, secret });
    }, /^Signature |^No signature |^Timestamp outside/),
  passes: { whitespace: 'workos 8 writes the payload anew before it signs it' },
  reads: {
    'with another prefix':
      'workos 8 takes the first pair for the time and the second for the signature',
    'twice, after a comma and a space': 'workos 8 passes over all but the first two pairs',
  },
  weRead: { 'twice, after a space': RUBBISH, 'twice, after a semicolon': RUBBISH },
  decodes: 'workos 8 takes a parsed payload',
  async signs(request, secret) {
    const t = NOON.getTime();
    const v1 = await webhooks.computeSignature(t, JSON.parse(text(request)), secret);
    return { ...request, headers: withHeader(request.headers, HEADER, `t=${t}, v1=${v1}`) };
  },
});

it.each(listFixtures('workos'))('workos constructs $event', async ({ event }) => {
  const request = composed(workos, event);
  const options = { secret: 'judge', eventId: request.eventId, at: new Date() };
  const signed = signRequest(request, workos, options);
  const payload = JSON.parse(text(signed));
  const sigHeader = header(signed, HEADER);
  const made = await webhooks.constructEvent({ payload, sigHeader, secret: 'judge' });
  expect(made).toMatchObject({ id: request.eventId, event });
  // It looks for each member where WorkOS has it, under a name and of a type of its own.
  const amiss: string[] = [];
  JSON.stringify(made.data, (name, value) => {
    if (value === undefined || (/Id$/.test(name) && typeof value === 'number')) amiss.push(name);
    return value;
  });
  expect(amiss).toEqual([]);
});
