import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerValues } from '../../src/core/headers.ts';
import type { RawRequest } from '../../src/core/types.ts';
import { changeHeader, flipByte, later, outcome, post } from '../helpers/requests.ts';
import { SCHEMES } from './schemes.ts';

const bodies = fc.uint8Array({ maxLength: 300 });
const eventIds = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
// Up to the last second that twelve digits can tell.
const times = fc.date({
  min: new Date(0),
  max: new Date(999_999_999_999_999),
  noInvalidDate: true,
});

describe.each(SCHEMES)('$scheme.id', ({ scheme, secrets }) => {
  const cases = fc
    .record({ body: bodies, eventId: eventIds, secret: secrets, at: times })
    .map((options) => ({ ...options, signed: scheme.sign(post(options.body), options) }));
  const judge = async (request: RawRequest, given: readonly string[], at: Date) =>
    outcome(await scheme.verify(request, { secrets: given, at }));

  it('verifies whatever it signed', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ signed, secret, at, body }) => {
        expect(await judge(signed, [secret], at)).toBe('verified');
        expect(Buffer.from(signed.body).equals(body)).toBe(true);
      }),
    );
  });

  it('rejects another body', async () => {
    const changes = fc.record({ at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(cases, changes, async ({ signed, secret, at }, change) => {
        const { body } = signed;
        const longer = { ...signed, body: Buffer.concat([body, Buffer.of(change.mask)]) };
        expect(await judge(longer, [secret], at)).toBe('mismatch');
        if (body.length === 0) return;
        const flipped = flipByte(signed, change.at % body.length, change.mask);
        expect(await judge(flipped, [secret], at)).toBe('mismatch');
        const shorter = { ...signed, body: body.subarray(1) };
        expect(await judge(shorter, [secret], at)).toBe('mismatch');
      }),
    );
  });

  it('rejects any one character changed in any of its headers', async () => {
    const changes = fc.record({ carrier: fc.nat(), at: fc.nat(), code: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(cases, changes, async ({ signed, secret, at }, change) => {
        const { name } = scheme.carriers[change.carrier % scheme.carriers.length] as {
          name: string;
        };
        const [value = ''] = headerValues(signed.headers, name);
        const letter = String.fromCharCode(change.code);
        const index = change.at % value.length;
        fc.pre(value[index] !== letter);
        const changed = changeHeader(
          signed,
          name,
          () => value.slice(0, index) + letter + value.slice(index + 1),
        );
        expect(await judge(changed, [secret], at)).not.toBe('verified');
      }),
      { numRuns: 500 },
    );
  });

  it('rejects any header cut off anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), async ({ signed, secret, at }, cut) => {
        for (const { name } of scheme.carriers) {
          const short = changeHeader(signed, name, (value) => value.slice(0, cut % value.length));
          expect(await judge(short, [secret], at)).not.toBe('verified');
        }
      }),
    );
  });

  it('rejects another secret', async () => {
    await fc.assert(
      fc.asyncProperty(cases, secrets, async ({ signed, secret, at }, other) => {
        fc.pre(other.replace('whsec_', '') !== secret.replace('whsec_', ''));
        expect(await judge(signed, [other], at)).toBe('mismatch');
        expect(await judge(signed, [other, secret], at)).toBe('verified');
        expect(await judge(signed, [], at)).toBe('mismatch');
      }),
    );
  });

  it('rejects another time, where it is dated', async () => {
    const tolerance = scheme.toleranceMs;
    const beyond = fc.integer({ min: 1_000, max: 1_000_000_000 });
    await fc.assert(
      fc.asyncProperty(cases, beyond, async ({ signed, secret, at }, ms) => {
        const late = later(at, (tolerance ?? 0) + ms);
        expect(await judge(signed, [secret], late)).toBe(
          tolerance === undefined ? 'verified' : 'stale',
        );
      }),
    );
  });
});
