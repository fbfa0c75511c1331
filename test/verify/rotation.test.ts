import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/core/ids.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import { providers } from '../../src/providers/index.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { composed, NOON } from '../helpers/requests.ts';

/** Those whose proof is documented to hold the signatures of several secrets. */
const ROTATING = [
  'stripe',
  'standard-webhooks',
  'svix',
  'clerk',
  'resend',
  'paddle',
  'workos',
  'mux',
  'calendly',
  'pagerduty',
  'circleci',
  'box',
  'docusign',
];

describe('signing with two secrets during a rotation', () => {
  it.each(ROTATING)('%s: either of them verifies, and no third one', async (id) => {
    const provider = providers.find((one) => one.id === id);
    const event = listFixtures(id)[0]?.event;
    if (provider === undefined || event === undefined) throw new Error(`There is no ${id}.`);
    const [old, next, other] = [1, 2, 3].map(() => provider.secret.generate(systemRandom)) as [
      string,
      string,
      string,
    ];
    const { eventId, ...request } = composed(provider, event);
    const signing = { secret: old, moreSecrets: [next], eventId, at: NOON };
    const signed = signRequest(request, provider, signing);
    for (const [secret, status] of [
      [old, 'verified'],
      [next, 'verified'],
      [other, 'rejected'],
    ] as const) {
      const verdict = await verifyRequest(signed, provider, { secrets: [secret], at: NOON });
      expect(verdict.status).toBe(status);
    }
  });
});
