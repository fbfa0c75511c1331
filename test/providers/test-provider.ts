import { describe, expect, it } from 'vitest';
import { headerValues } from '../../src/core/headers.ts';
import { seededRandom, systemRandom } from '../../src/core/ids.ts';
import { readPlace } from '../../src/core/place.ts';
import type { Identify, Provider, RawRequest, VerifyOptions } from '../../src/core/types.ts';
import { SPOILS, type Spoil, signSpoiled } from '../../src/deliver/spoil.ts';
import { listFixtures, readFixture } from '../../src/fixtures/read.ts';
import { providers } from '../../src/providers/index.ts';
import { secretFault } from '../../src/providers/secret.ts';
import { describeEvent } from '../../src/verify/describe-event.ts';
import { identifyByHeaders } from '../../src/verify/identify.ts';
import { schemeFor, signRequest } from '../../src/verify/sign.ts';
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
  const events = listFixtures(provider.id).map(({ event }) => event);
  const schemeOf = (event: string) => schemeFor(provider, secret, composed(provider, event));

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
        const scheme = schemeOf(event).id;
        expect(await judge(signed(event))).toEqual({ status: 'verified', scheme });
      });

      it('is known by its headers as of this provider and no other', () => {
        const request = signed(event);
        expect(identifyByHeaders(request)?.id).toBe(provider.id);
        expect(closestByHeaders(request)).toEqual([provider.id]);
      });

      it('tells its type and id', () => {
        const { eventId } = composed(provider, event);
        const told = describeEvent(signed(event), provider);
        expect(told.type).toBe(event);
        expect(told.eventId).toBe(carriesId(provider, event) ? eventId : undefined);
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
        const { toleranceMs, bodyUnsigned } = schemeOf(event);
        const isBodys = spoil === 'body' || spoil === 'whitespace';
        if ((spoil === 'timestamp' && toleranceMs === undefined) || (isBodys && bodyUnsigned)) {
          expect(() => signSpoiled(request, provider, options)).toThrowError(
            expect.objectContaining({ code: 'cannot-spoil' }),
          );
        } else {
          const spoiled = signSpoiled(request, provider, options);
          // Half a shared token is a token too, only another one.
          const isToken = spoil === 'truncated' && schemeOf(event).covers.startsWith('nothing');
          expect(await reason(spoiled)).toBe(isToken ? 'mismatch' : REASON_OF_SPOIL[spoil]);
        }
      });
    });

    describe.each(
      [...new Map(events.map((event) => [schemeOf(event), event]))].map(([scheme, example]) => ({
        scheme,
        example,
      })),
    )('signed by $scheme.id ($example)', ({ scheme, example }) => {
      const proof = scheme.carriers[0] as (typeof scheme.carriers)[number];
      const otherBody = scheme.bodyUnsigned ? 'verified' : 'mismatch';
      const carriers = scheme.carriers.filter(
        ({ in: where, name }) =>
          where === 'header' && headerValues(signed(example).headers, name).length > 0,
      );

      it('rejects another secret', async () => {
        expect(await reason(signed(example), { secrets: [other] })).toBe('mismatch');
      });

      it(`${scheme.bodyUnsigned ? 'passes' : 'rejects'} a body with any one byte changed`, async () => {
        // Where the proof itself lies in the body, only what is around it can change.
        if (proof.in !== 'header') return;
        const request = signed(example);
        const last = request.body.length - 1;
        for (const at of [0, 1, last >> 1, last - 1, last]) {
          expect(await reason(flipByte(request, at)), `byte ${at}`).toBe(otherBody);
        }
        expect(await reason({ ...request, body: request.body.subarray(0, -1) })).toBe(otherBody);
        expect(await reason({ ...request, body: Buffer.alloc(0) })).toBe(otherBody);
      });

      it.each(carriers)(
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
            await reason({
              ...request,
              headers: [...request.headers, [name.toLowerCase(), value]],
            }),
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
          const headers = request.headers.map(
            ([name, value]) => [name[spelling](), value] as const,
          );
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

      it('leaves the request it signs as it was', () => {
        const request = composed(provider, example);
        const before = structuredClone(request.headers);
        signRequest(request, provider, { secret, eventId: request.eventId, at: NOON });
        expect(request.headers).toEqual(before);
        expect(request.body).toEqual(composed(provider, example).body);
      });
    });

    it('makes secrets of its own, each time another', () => {
      const made = Array.from({ length: 20 }, () => provider.secret.generate(systemRandom));
      expect(new Set(made).size).toBe(made.length);
      for (const each of made) expect(secretFault(provider, each)).toBeUndefined();
    });

    it('makes event ids of its own, each time another', () => {
      const made = Array.from({ length: 20 }, () => provider.eventId(systemRandom));
      expect(new Set(made).size).toBe(made.length);
    });

    describe('signed by others', () => {
      const vectors = OUTSIDE_VECTORS[provider.id] ?? [];

      it('has a vector for each scheme that can be trusted', () => {
        const trusted = provider.schemes.filter(({ legacy }) => !legacy).map(({ id }) => id);
        expect(vectors.map((vector) => vector.scheme)).toEqual(expect.arrayContaining(trusted));
      });

      it.each(vectors)('$scheme: $what', async (vector) => {
        const { body, headers, method = 'POST', url = '/hooks' } = vector;
        const request = { method, url, headers, body: Buffer.from(body) };
        const at = vector.at === undefined ? NOON : new Date(vector.at * SECOND);
        const options = { secrets: [vector.secret], at };
        expect(await judge(request, options)).toEqual({
          status: 'verified',
          scheme: vector.scheme,
        });
        const scheme = provider.schemes.find(({ id }) => id === vector.scheme);
        const other = scheme?.bodyUnsigned ? 'verified' : 'mismatch';
        // Where the proof itself lies in the body, only what is around it can change.
        if (body.length === 0 || scheme?.carriers[0]?.in !== 'header') return;
        expect(await reason(flipByte(request, 0), options)).toBe(other);
      });
    });
  });
}

/** Whether the event's id is in the body or in a header of its own. */
function carriesId(provider: Provider, event: string): boolean {
  const { template } = readFixture(provider.id, event);
  const { id } = provider.event;
  return id?.in === 'header' || JSON.stringify(template).includes('{{eventId');
}

/** Read from the declarations anew: who fits the request, and of those who asks for the most. */
function closestByHeaders(request: RawRequest): string[] {
  const has = (name: string, pattern: RegExp | true = true) =>
    headerValues(request.headers, name).some((value) => pattern === true || pattern.test(value));
  const fits = ({ headers, without = [], body = [] }: Identify) =>
    Object.entries(headers).every(([name, pattern]) => has(name, pattern)) &&
    !without.some((name) => has(name)) &&
    body.every(([place, pattern = /^/]) => {
      const text = readPlace(request, place);
      return text !== undefined && pattern.test(text);
    });
  const asked = ({ headers, body = [] }: Identify) => Object.keys(headers).length + body.length;
  const looksOf = (look: Identify | undefined): Identify[] =>
    look === undefined ? [] : [look, ...looksOf(look.or)];
  const fitting = providers.flatMap(({ id, identify }) =>
    looksOf(identify)
      .filter(fits)
      .map((look) => ({ id, asks: asked(look) })),
  );
  const most = Math.max(...fitting.map(({ asks }) => asks));
  return [...new Set(fitting.filter(({ asks }) => asks === most).map(({ id }) => id))];
}
