import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { headerValue } from '../src/core/headers.ts';
import type { RawRequest } from '../src/core/types.ts';
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
  readonly secondarySecret?: string;
  readonly publicKey?: string;
  /** Unix seconds of the verifier's clock; absent where nothing is dated. */
  readonly now?: number;
  readonly valid: boolean;
  readonly why: string;
  /** What a receiver answers; for a handshake. */
  readonly handshake?: {
    readonly status: number;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

const requestOf = ({ method = 'POST', url, headers, body }: Vector): RawRequest => ({
  method,
  url: url ?? '/',
  headers: Object.entries(headers),
  body: Buffer.from(body, 'utf8'),
});

/** Schemes of the collection that are no signatures. */
const HANDSHAKE = /-(?:challenge|handshake|crc|head)$/;

/** Braintree answers with both of its keys. */
const handshakeSecrets = ({ provider, secret, publicKey }: Vector): string[] =>
  [provider === 'braintree' ? `${publicKey}|${secret}` : secret].filter((one) => one !== undefined);

/** PayPal's public keys are in certificates. */
const keysOf = ({ publicKey }: Vector): { publicKey?: string; certificate?: string } =>
  publicKey?.startsWith('-----BEGIN CERTIFICATE-----')
    ? { certificate: publicKey }
    : publicKey === undefined
      ? {}
      : { publicKey };

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
      const request = requestOf(vector);
      const { secret, secondarySecret, now } = vector;
      const { certificate, ...keys } = keysOf(vector);
      const verdict = await verifyRequest(request, provider, {
        secrets: [secret, secondarySecret, keys.publicKey].filter((key) => key !== undefined),
        ...(certificate === undefined ? {} : { certificate }),
        at: now === undefined ? NOON : new Date(now * 1_000),
      });
      const valid = vector.valid && !Object.hasOwn(STRICTER, vector.id);
      expect(verdict.status).toBe(valid ? 'verified' : 'rejected');
    });
  });

  const handshakes = all.filter(
    ({ provider, scheme, handshake }) =>
      findProvider(provider) !== undefined && (handshake !== undefined || HANDSHAKE.test(scheme)),
  );

  describe('shared vectors of handshakes', () => {
    it('are all ours', () => {
      const known = all.filter(({ scheme, handshake }) => handshake || HANDSHAKE.test(scheme));
      expect(handshakes.length).toBe(known.length);
      expect(handshakes.length).toBeGreaterThan(0);
    });

    it.each(handshakes)('$id: $why', (vector) => {
      const request = requestOf(vector);
      const found = findProvider(vector.provider)?.handshakes?.find((one) =>
        one.recognise(request),
      );
      const expected = vector.handshake;
      if (expected === undefined) return expect(found).toBeUndefined();
      const answer = found?.answer(request, handshakeSecrets(vector));
      expect(answer).toMatchObject({ status: expected.status, body: expected.body });
      const type = headerValue(answer?.headers ?? [], 'content-type');
      if (expected.contentType !== undefined) expect(type).toBe(expected.contentType);
      for (const [name, value] of Object.entries(expected.headers ?? {})) {
        expect(headerValue(answer?.headers ?? [], name)).toBe(value);
      }
    });
  });
}
