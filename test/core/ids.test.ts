import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alphanumeric,
  capturedId,
  capturedIdTime,
  digits,
  hex,
  seededRandom,
  systemRandom,
  uuid,
} from '../../src/core/ids.ts';

describe('seeded randomness', () => {
  it('is the same on every machine', () => {
    // Python 3.11: hashlib.sha256(b'seed:0').hexdigest(), then b'seed:1'
    const random = seededRandom('seed');
    const bytes = Buffer.concat([random.bytes(5), random.bytes(30), random.bytes(29)]);
    expect(bytes.toString('hex')).toBe(
      '58f9082db66a15d660a3f65e1e2f12c31e4409635a583a6eaf0ba45c744b668881e4ba3bc2097d85ac4734eb3ad794fd4a2980b2e0b22569418e60e5550b4c32',
    );
  });

  it('differs by seed', () => {
    expect(seededRandom('a').bytes(16)).not.toEqual(seededRandom('b').bytes(16));
  });

  it('fills what is made of it alike', () => {
    const made = (seed: string) => {
      const random = seededRandom(seed);
      return [uuid(random), alphanumeric(24, random), hex(7, random), digits(9, random)];
    };
    expect(made('x')).toEqual(made('x'));
    expect(made('x')).not.toEqual(made('y'));
  });
});

describe('random text', () => {
  const counts = fc.integer({ min: 1, max: 64 });

  it('is as long as asked for and of its letters', () => {
    fc.assert(
      fc.property(counts, fc.string(), (count, seed) => {
        const random = seededRandom(seed);
        expect(alphanumeric(count, random)).toMatch(new RegExp(`^[A-Za-z0-9]{${count}}$`));
        expect(hex(count, random)).toMatch(new RegExp(`^[0-9a-f]{${count}}$`));
      }),
    );
  });

  it('is a number of exactly so many digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), fc.string(), (count, seed) => {
        const number = digits(count, seededRandom(seed));
        expect(String(number)).toMatch(new RegExp(`^[1-9][0-9]{${count - 1}}$`));
        expect(Number.isSafeInteger(number)).toBe(true);
      }),
    );
  });

  it('favours no letter', () => {
    // Bytes that would wrap around (256 is no multiple of 62) are drawn again.
    const all = Array.from({ length: 256 }, (_, i) => i);
    let at = 0;
    const counting = {
      bytes: (count: number) => Uint8Array.from({ length: count }, () => all[at++ % 256] as number),
    };
    const counts = new Map<string, number>();
    for (const letter of alphanumeric(62 * 8, counting)) {
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect(new Set(counts.values())).toEqual(new Set([8]));
  });

  it('is a UUID of version 4', () => {
    const made = Array.from({ length: 50 }, () => uuid(systemRandom));
    for (const each of made) {
      expect(each).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect(new Set(made).size).toBe(made.length);
  });
});

describe('the id of a captured event', () => {
  // Ids of one process never go back, so each test goes on from where the one before it stopped.
  let clock = Date.UTC(2100, 0, 1);
  const ahead = (ms: number) => {
    clock += ms;
    return new Date(clock);
  };

  it('is a ULID', () => {
    expect(capturedId(ahead(1))).toMatch(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('sorts by time, and within a millisecond in the order it was made', () => {
    const made: string[] = [];
    for (let ms = 0; ms < 20; ms++) {
      const at = ahead(1);
      for (let i = 0; i < 200; i++) made.push(capturedId(at));
    }
    expect(made).toEqual(made.toSorted());
    expect(new Set(made).size).toBe(made.length);
  });

  it('does not go back when the clock does', () => {
    const at = ahead(5_000);
    const first = capturedId(at);
    const second = capturedId(new Date(at.getTime() - 5_000));
    expect(second > first).toBe(true);
    expect(capturedIdTime(second)).toBe(at.getTime());
  });

  it('tells its moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (ms) => {
        const at = ahead(ms);
        expect(capturedIdTime(capturedId(at))).toBe(at.getTime());
      }),
    );
  });

  it('tells the moment of a ULID made elsewhere', () => {
    // The example of https://github.com/ulid/spec and its time.
    expect(capturedIdTime('evt_01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe(1469922850259);
  });
});
