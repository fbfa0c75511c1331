import { describe, expect, it } from 'vitest';
import { headerValues } from '../../src/core/headers.ts';
import { seededRandom, systemRandom } from '../../src/core/ids.ts';
import type { Provider, RawRequest, VerifyOptions } from '../../src/core/types.ts';
import { SPOILS, type Spoil, signSpoiled } from '../../src/deliver/spoil.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import { providers } from '../../src/providers/index.ts';
import { describeEvent } from '../../src/verify/describe-event.ts';
import { identifyByHeaders } from '../../src/verify/identify.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { changeHeader, composed, flipByte, later, NOON, outcome } from '../helpers/requests.ts';
import { OUTSIDE_VECTORS } from './outside-vectors.ts';

const SECOND = 1_000;

/** What a good handler makes of each spoil, where the provider gives no reason to differ. */
const REASON_OF_SPOIL: Readonly<Record<Spoil, string>> = {
  signature: 'mismatch',
  body: 'mismatch',
  timestamp: 'stale',
  secret: 'mismatch',
  missing: 'missing',
  empty: 'malformed',
  truncated: 'malformed',
  whitespace: 'mismatch',
};

/**
 * What every provider must be able to do, tried on all of its fixtures. Whoever adds a provider
 * writes no test of these again.
 */
export function testProvider(provider: Provider): void {
  const random = seededRandom(`secrets of ${provider.id}`);
  const [secret, other, third] = [0, 1, 2].map(() => provider.secret.generate(random)) as [
    string,
    string,
    string,
  ];
  const scheme = provider.schemes[0] as (typeof provider.schemes)[number];
  const proof = scheme.carriers[0] as (typeof scheme.carriers)[number];
  const events = listFixtures(provider.id).map(({ event }) => event);
  const example = events[0] as string;

  const signed = (event: string, options: { secret?: string; at?: Date; form?: boolean } = {}) => {
    const request = composed(provider, event, options);
    const { eventId } = request;
    return signRequest(request, provider, { secret, eventId, at: NOON, ...options });
  };
  const judge = async (request: RawRequest, options: Partial<VerifyOptions> = {}) =>
    verifyRequest(request, provider, { secrets: [secret], at: NOON, ...options });
  const reason = async (request: RawRequest, options: Partial<VerifyOptions> = {}) =>
    outcome(await judge(request, options));

  describe(provider.id, () => {
    it('has fixtures', () => {
      expect(events.length).toBeGreaterThan(0);
    });

    describe.each(events)('%s', (event) => {
      it('verifies once signed', async () => {
        expect(await judge(signed(event))).toEqual({ status: 'verified', scheme: scheme.id });
      });

      it('is known by its headers as of this provider and no other', () => {
        const request = signed(event);
        expect(identifyByHeaders(request)?.id).toBe(provider.id);
        expect(closestByHeaders(request)).toEqual([provider.id]);
      });

      it('tells its type and id', () => {
        const { eventId } = composed(provider, event);
        expect(describeEvent(signed(event), provider)).toMatchObject({ type: event, eventId });
      });

      if (provider.form) {
        it('verifies and tells the same as a form', async () => {
          const request = signed(event, { form: true });
          expect(Buffer.from(request.body).toString()).toMatch(/^payload=%7B/);
          expect(await reason(request)).toBe('verified');
          expect(describeEvent(request, provider)).toEqual(describeEvent(signed(event), provider));
        });
      }

      it.each(Object.keys(SPOILS) as Spoil[])('is rejected with its %s spoiled', async (spoil) => {
        const request = composed(provider, event);
        const { eventId } = request;
        const options = { spoil, secret, eventId, at: NOON, random: seededRandom(spoil) };
        if (spoil === 'timestamp' && scheme.toleranceMs === undefined) {
          expect(() => signSpoiled(request, provider, options)).toThrowError(
            expect.objectContaining({ code: 'cannot-spoil' }),
          );
        } else {
          const spoiled = signSpoiled(request, provider, options);
          expect(await reason(spoiled)).toBe(REASON_OF_SPOIL[spoil]);
        }
      });
    });

    it('rejects another secret', async () => {
      expect(await reason(signed(example), { secrets: [other] })).toBe('mismatch');
    });

    it('rejects a body with any one byte changed', async () => {
      const request = signed(example);
      const last = request.body.length - 1;
      for (const at of [0, 1, last >> 1, last - 1, last]) {
        expect(await reason(flipByte(request, at)), `byte ${at}`).toBe('mismatch');
      }
    });

    it('rejects a body cut short, and none', async () => {
      const request = signed(example);
      expect(await reason({ ...request, body: request.body.subarray(0, -1) })).toBe('mismatch');
      expect(await reason({ ...request, body: Buffer.alloc(0) })).toBe('mismatch');
    });

    it.each(scheme.carriers.filter((carrier) => carrier.in === 'header'))(
      'rejects a $name that is missing, doubled, empty or changed',
      async ({ name }) => {
        const request = signed(example);
        const [value = ''] = headerValues(request.headers, name);
        expect(value).not.toBe('');

        const withoutLegacy = provider.schemes
          .filter(({ legacy }) => legacy)
          .flatMap(({ carriers }) => carriers.map((carrier) => carrier.name))
          .reduce((bare, legacy) => changeHeader(bare, legacy, () => undefined), request);
        expect(await reason(changeHeader(withoutLegacy, name, () => undefined))).toBe('missing');
        expect(
          await reason({ ...request, headers: [...request.headers, [name.toLowerCase(), value]] }),
        ).toBe('ambiguous');
        expect(await reason(changeHeader(request, name, () => ''))).toBe('malformed');
        expect(await reason(changeHeader(request, name, (text) => `${text}x`))).toMatch(
          /^(mismatch|malformed)$/,
        );
      },
    );

    if (provider.schemes.some(({ legacy }) => legacy)) {
      it('does not trust a legacy proof alone', async () => {
        const bare = changeHeader(signed(example), proof.name, () => undefined);
        expect(await reason(bare)).toBe('downgrade');
      });
    }

    it('reads header names in any case', async () => {
      for (const spelling of ['toUpperCase', 'toLowerCase'] as const) {
        const request = signed(example);
        const headers = request.headers.map(([name, value]) => [name[spelling](), value] as const);
        expect(await reason({ ...request, headers })).toBe('verified');
      }
    });

    const tolerance = scheme.toleranceMs;
    if (tolerance === undefined) {
      it('asks no clock where nothing is dated', async () => {
        expect(await reason(signed(example), { at: new Date(0) })).toBe('verified');
      });
    } else {
      it('keeps to its tolerance', async () => {
        const request = signed(example);
        const aged = (ms: number, options: Partial<VerifyOptions> = {}) =>
          reason(request, { at: later(NOON, ms), ...options });
        expect(await aged(tolerance)).toBe('verified');
        expect(await aged(tolerance + SECOND)).toBe('stale');
        expect(await aged(tolerance + SECOND, { toleranceMs: tolerance + SECOND })).toBe(
          'verified',
        );
        expect(await aged(11 * SECOND, { toleranceMs: 10 * SECOND })).toBe('stale');
        expect(await aged(0, { toleranceMs: 0 })).toBe('verified');
        expect(await aged(SECOND, { toleranceMs: 0 })).toBe('stale');
        expect(await aged(1_000 * tolerance, { toleranceMs: Infinity })).toBe('verified');
        expect(await aged(-tolerance)).toBe('verified');
        expect(['early', 'verified']).toContain(await aged(-tolerance - SECOND));
      });

      it('calls only a genuine request stale', async () => {
        const at = later(NOON, 2 * tolerance);
        expect(await reason(signed(example), { at })).toBe('stale');
        expect(await reason(signed(example), { at, secrets: [other] })).toBe('mismatch');
      });
    }

    it('accepts any of several secrets and says which', async () => {
      for (const [position, secrets] of [
        [secret, other, third],
        [other, secret, third],
        [other, third, secret],
      ].entries()) {
        expect(await judge(signed(example), { secrets })).toEqual({
          status: 'verified',
          scheme: scheme.id,
          detail: `secret ${position + 1} of 3`,
        });
      }
      expect(await reason(signed(example), { secrets: [other, third] })).toBe('mismatch');
    });

    it('refuses an empty secret, alone or among others', async () => {
      const unusable = expect.objectContaining({ code: 'unusable-secret', exitCode: 2 });
      const request = signed(example);
      await expect(judge(request, { secrets: [''] })).rejects.toThrowError(unusable);
      await expect(judge(request, { secrets: [secret, ''] })).rejects.toThrowError(unusable);
      expect(() => signed(example, { secret: '' })).toThrowError(unusable);
    });

    it('is unchecked without a secret', async () => {
      expect(await judge(signed(example), { secrets: [] })).toMatchObject({
        status: 'unchecked',
        reason: 'no-secret',
      });
    });

    it('makes secrets of its own, each time another', () => {
      const made = Array.from({ length: 20 }, () => provider.secret.generate(systemRandom));
      expect(new Set(made).size).toBe(made.length);
      for (const each of made) expect(scheme.secretFault(each)).toBeUndefined();
    });

    it('makes event ids of its own, each time another', () => {
      const made = Array.from({ length: 20 }, () => provider.eventId(systemRandom));
      expect(new Set(made).size).toBe(made.length);
    });

    it('leaves the request it signs as it was', () => {
      const request = composed(provider, example);
      const before = structuredClone(request.headers);
      signRequest(request, provider, { secret, eventId: request.eventId, at: NOON });
      expect(request.headers).toEqual(before);
      expect(request.body).toEqual(composed(provider, example).body);
    });

    describe('signed by others', () => {
      const vectors = OUTSIDE_VECTORS[provider.id] ?? [];

      it('has a vector for each scheme that can be trusted', () => {
        const trusted = provider.schemes.filter(({ legacy }) => !legacy).map(({ id }) => id);
        expect(vectors.map((vector) => vector.scheme)).toEqual(expect.arrayContaining(trusted));
      });

      it.each(vectors)('$scheme: $what', async (vector) => {
        const { body, headers } = vector;
        const request = { method: 'POST', url: '/hooks', headers, body: Buffer.from(body) };
        const at = vector.at === undefined ? NOON : new Date(vector.at * SECOND);
        const options = { secrets: [vector.secret], at };
        expect(await judge(request, options)).toEqual({
          status: 'verified',
          scheme: vector.scheme,
        });
        expect(await reason(flipByte(request, 0), options)).toBe('mismatch');
      });
    });
  });
}

/** Read from the declarations anew: who fits the headers, and of those who asks for the most. */
function closestByHeaders(request: RawRequest): string[] {
  const has = (name: string, pattern: RegExp | true = true) =>
    headerValues(request.headers, name).some((value) => pattern === true || pattern.test(value));
  const fitting = providers.filter(
    ({ identify: { headers, without = [] } }) =>
      Object.entries(headers).every(([name, pattern]) => has(name, pattern)) &&
      !without.some((name) => has(name)),
  );
  const asked = (provider: Provider) => Object.keys(provider.identify.headers).length;
  const most = Math.max(...fitting.map(asked));
  return fitting.filter((provider) => asked(provider) === most).map(({ id }) => id);
}
