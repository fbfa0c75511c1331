import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findProvider } from '../src/providers/index.ts';
import { verifyRequest } from '../src/verify/verify.ts';
import { NOON } from './helpers/requests.ts';

/** One request with the verdict it deserves, from a collection kept beside the project. */
interface Vector {
  readonly id: string;
  readonly provider: string;
  readonly scheme: string;
  readonly method?: string;
  readonly url?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret?: string;
  readonly publicKey?: string;
  /** Unix seconds of the verifier's clock; absent where nothing is dated. */
  readonly now?: number;
  readonly valid: boolean;
  readonly why: string;
}

/** Vectors that call valid what we reject on purpose, each with the reason. */
const STRICTER: Readonly<Record<string, string>> = {};

const file = fileURLToPath(new URL('../../shared/vectors/vectors.json', import.meta.url));

if (!existsSync(file)) {
  it.skip('skipped: no shared vectors here', () => {});
} else {
  const all: readonly Vector[] = JSON.parse(readFileSync(file, 'utf8'));
  const ours = all.filter(({ provider, scheme }) =>
    findProvider(provider)?.schemes.some(({ id }) => id === scheme),
  );

  describe(`shared vectors: ${ours.length} of ${all.length} are of our schemes`, () => {
    it('there are some, of both kinds', () => {
      console.info(`shared vectors: ran ${ours.length} of ${all.length}`);
      expect(new Set(ours.map(({ valid }) => valid))).toEqual(new Set([true, false]));
    });

    it.each(ours)('$id: $why', async (vector) => {
      const provider = findProvider(vector.provider);
      if (provider === undefined) throw new Error(`There is no ${vector.provider}.`);
      const request = {
        method: vector.method ?? 'POST',
        url: vector.url ?? '/',
        headers: Object.entries(vector.headers),
        body: Buffer.from(vector.body, 'utf8'),
      };
      const { secret, publicKey, now } = vector;
      const verdict = await verifyRequest(request, provider, {
        secrets: [secret, publicKey].filter((key) => key !== undefined),
        at: now === undefined ? NOON : new Date(now * 1_000),
      });
      const valid = vector.valid && !Object.hasOwn(STRICTER, vector.id);
      expect(verdict.status).toBe(valid ? 'verified' : 'rejected');
    });
  });
}
