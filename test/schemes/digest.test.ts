import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDigest, hmacDigest, sameDigest } from '../../src/schemes/digest.ts';

const BYTES = Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i));
const HEX = BYTES.toString('hex');
const BASE64 = BYTES.toString('base64');

describe('decoding a digest', () => {
  it('gives its bytes', () => {
    expect(decodeDigest(HEX, 'hex', 32)).toEqual(BYTES);
    expect(decodeDigest(BASE64, 'base64', 32)).toEqual(BYTES);
  });

  it.each([
    ['nothing', ''],
    ['upper case', HEX.toUpperCase()],
    ['one upper-case digit', HEX.replace('f', 'F')],
    ['a digit too few', HEX.slice(1)],
    ['two digits too few', HEX.slice(2)],
    ['a digit too many', `${HEX}0`],
    ['a byte too many', `${HEX}00`],
    ['a letter beyond f', `${HEX.slice(0, -1)}g`],
    ['a space before', ` ${HEX.slice(1)}`],
    ['a line end', `${HEX.slice(0, -1)}\n`],
    ['a prefix of a number', `0x${HEX.slice(2)}`],
    ['letters beyond ASCII', `${HEX.slice(0, -1)}\u0130`],
  ])('refuses hex with %s', (_, text) => {
    expect(decodeDigest(text, 'hex', 32)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['no padding', BASE64.slice(0, -1)],
    ['padding too much', `${BASE64}=`],
    ['only padding', '='.repeat(44)],
    // The last letter before the padding has two bits that stand for nothing.
    ['stray bits', BASE64.replace(/.=$/, (end) => (end[0] === 'A' ? 'B=' : nextLetter(end)))],
    ['the letters of base64url', BASE64.replaceAll('+', '-').replaceAll('/', '_')],
    ['a space', `${BASE64.slice(0, 10)} ${BASE64.slice(11)}`],
    ['a line end', `${BASE64.slice(0, -1)}\n`],
    ['a byte too many', Buffer.concat([BYTES, Buffer.of(0)]).toString('base64')],
    ['a byte too few', BYTES.subarray(1).toString('base64')],
  ])('refuses base64 with %s', (_, text) => {
    expect(decodeDigest(text, 'base64', 32)).toBeUndefined();
  });

  it('knows one spelling of each digest only', () => {
    const letters = fc.constantFrom(...'0123456789abcdefABCDEF+/=-_ \n');
    const spellings = fc.string({ unit: letters, minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(spellings, fc.constantFrom('hex', 'base64'), (text, encoding) => {
        for (const size of [3, 4, 5, 6]) {
          const bytes = decodeDigest(text, encoding, size);
          if (bytes === undefined) continue;
          expect(bytes.length).toBe(size);
          expect(bytes.toString(encoding)).toBe(text);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Base64 that decodes to the same bytes, but with one of the unused bits set. */
function nextLetter(end: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return `${letters[letters.indexOf(end[0] as string) + 1]}=`;
}

describe('comparing digests', () => {
  it('tells the same from others, of any length', () => {
    const digests = fc.uint8Array({ maxLength: 4 });
    fc.assert(
      fc.property(digests, digests, (a, b) => {
        expect(sameDigest(a, Buffer.from(a))).toBe(true);
        expect(sameDigest(a, b)).toBe(Buffer.from(a).equals(b));
      }),
    );
  });
});

describe('an HMAC', () => {
  // RFC 4231, test cases 1, 2 and 6.
  it.each([
    [
      Buffer.alloc(20, 0x0b),
      'Hi There',
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      Buffer.from('Jefe'),
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      Buffer.alloc(131, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('of the RFC comes out as it says', (key, message, expected) => {
    expect(hmacDigest('sha256', key, [message]).toString('hex')).toBe(expected);
    const parts = [...message].map((letter) => Buffer.from(letter));
    expect(hmacDigest('sha256', key, parts).toString('hex')).toBe(expected);
  });

  it('is not mixed up by the keys it keeps', () => {
    const first = hmacDigest('sha256', Buffer.from('key'), ['x']);
    for (let i = 0; i < 200; i++) {
      expect(hmacDigest('sha256', Buffer.from(`key ${i}`), ['x'])).not.toEqual(first);
    }
    expect(hmacDigest('sha256', Buffer.from('key'), ['x'])).toEqual(first);
  });

  it('does not notice when the bytes a key was made of change afterwards', () => {
    const bytes = Buffer.from('reused memory');
    const before = hmacDigest('sha256', bytes, ['x']);
    bytes.fill(0);
    expect(hmacDigest('sha256', Buffer.from('reused memory'), ['x'])).toEqual(before);
    expect(hmacDigest('sha256', bytes, ['x'])).not.toEqual(before);
  });
});
