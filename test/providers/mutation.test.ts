import { describe, expect, it } from 'vitest';
import { headerValue, withHeader } from '../../src/core/headers.ts';
import { seededRandom } from '../../src/core/ids.ts';
import type { Provider, RawRequest } from '../../src/core/types.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import { providers } from '../../src/providers/index.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { composed, flipByte, NOON } from '../helpers/requests.ts';

/** Of a body, so many bytes are changed at the most, evenly spread; of a header every character. */
const MOST_BYTES = 1_500;

function signed(provider: Provider) {
  const event = listFixtures(provider.id)[0]?.event ?? '';
  const secret = provider.secret.generate(seededRandom(provider.id));
  const { eventId, ...request } = composed(provider, event);
  return { secret, request: signRequest(request, provider, { secret, eventId, at: NOON }) };
}

/** Whether the request verifies; a secret that cannot be used at all verifies nothing. */
async function passes(request: RawRequest, provider: Provider, secret: string): Promise<boolean> {
  const verdict = await verifyRequest(request, provider, { secrets: [secret], at: NOON });
  return verdict.status === 'verified';
}

const otherLetter = (letter: string) => (letter === 'a' ? 'b' : 'a');

const changedAt = (text: string, at: number) =>
  text.slice(0, at) + otherLetter(text[at] as string) + text.slice(at + 1);

describe.each(providers.map((provider) => [provider.id, provider] as const))(
  '%s',
  (_, provider) => {
    const { secret, request } = signed(provider);
    const [scheme] = provider.schemes;

    it('verifies as it is', async () => {
      expect(await passes(request, provider, secret)).toBe(true);
    });

    it.skipIf(provider.schemes.some(({ bodyUnsigned }) => bodyUnsigned))(
      'is refused with any byte of its body changed',
      async () => {
        const step = Math.max(1, Math.ceil(request.body.length / MOST_BYTES));
        for (let at = 0; at < request.body.length; at += step) {
          if (await passes(flipByte(request, at), provider, secret)) {
            expect.fail(`It verifies with byte ${at} of its body changed.`);
          }
        }
      },
    );

    const proofs = provider.schemes.flatMap(({ carriers }) => carriers.slice(0, 1));
    it.each(
      proofs.filter(
        ({ in: place, name }) => place === 'header' && headerValue(request.headers, name),
      ),
    )('is refused with any character of $name changed, cut off or added', async ({ name }) => {
      if (name !== scheme?.carriers[0]?.name) return;
      const value = headerValue(request.headers, name) ?? '';
      const others = [
        ...Array.from(value, (_letter, at) => changedAt(value, at)),
        ...Array.from(value, (_letter, at) => value.slice(0, at)),
        `${value}a`,
        `a${value}`,
      ];
      for (const other of others) {
        const changed = { ...request, headers: withHeader(request.headers, name, other) };
        if (await passes(changed, provider, secret)) {
          expect.fail(`It verifies with ${name}: ${other}`);
        }
      }
    });
  },
);
