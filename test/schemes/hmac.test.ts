import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/types.ts';
import { type HmacOptions, hmac } from '../../src/schemes/hmac.ts';
import { changeHeader, NOON, outcome, post } from '../helpers/requests.ts';

const BODY = '{"a":1}';

// Made with OpenSSL 3.0.19: printf '%s' '{"a":1}' | openssl dgst -<algorithm> -hmac <key> [-binary | base64];
// the keys beyond ASCII with Python 3.11: hmac.new(key.encode(), b'{"a":1}', algorithm)
const OUTSIDE: [what: string, options: Partial<HmacOptions>, secret: string, value: string][] = [
  ['hex', {}, 'plain', 'fd03ba831868e36b5b6d2756850955177b7e900e910ddbec2bc2821be48b8919'],
  ['base64', { encoding: 'base64' }, 'plain', '/QO6gxho42tbbSdWhQlVF3t+kA6RDdvsK8KCG+SLiRk='],
  [
    'sha1 with a prefix',
    { algorithm: 'sha1', prefix: 'sha1=' },
    'plain',
    'sha1=a63b067341ed513b54f036258b280ff2918b8f23',
  ],
  [
    'sha512',
    { algorithm: 'sha512' },
    'plain',
    '3facd204a118c1f53692464dcbbf46c7192235722b56e0a2e30c0bf6fd584b0a32228e8ec2de70f34d9e231afbfc6709b7eb6b80f2dd9b13f9b2ae663eeb5d07',
  ],
  [
    'sha512 in base64, with a key beyond ASCII',
    { algorithm: 'sha512', encoding: 'base64' },
    'pässword',
    'uEPciYmP+zHqJWT7gFcgROmsx9oOiwcBHtArP/Pwnt7sY01hw1dSn+aWl8/9Rxkew1YRjxVGKYnUOMRloxhIDA==',
  ],
  [
    'a key beyond Latin-1',
    {},
    'pässword ☂',
    '7b2d2fed419d2718944b73e2d4d33cfed125b4359f63c39397cf27221e797e71',
  ],
];

describe.each(OUTSIDE)('hmac, %s', (_, options, secret, value) => {
  const scheme = hmac({ id: 'plain', header: 'X-Signature', ...options });
  const judge = (header: string) =>
    scheme.verify(post(BODY, [['x-signature', header]]), { secrets: [secret], at: NOON });

  it('is what others make of it', () => {
    const signed = scheme.sign(post(BODY), { secret, eventId: '', at: NOON });
    expect(signed.headers).toEqual([['X-Signature', value]]);
  });

  it('verifies what others made', () => {
    expect(judge(value)).toEqual({ status: 'verified', scheme: 'plain' });
  });

  it.each<[string, (value: string) => string]>([
    ['its last character missing', (text) => text.slice(0, -1)],
    ['its last digits missing', (text) => text.slice(0, -4)],
    ['its second half missing', (text) => text.slice(0, text.length / 2)],
    ['something after it', (text) => `${text}00`],
    ['a space before it', (text) => ` ${text}`],
    ['nothing but its prefix', () => options.prefix ?? ''],
    ['another prefix', (text) => `sha9=${text}`],
  ])('rejects a signature with %s', (_, change) => {
    expect(outcome(judge(change(value)) as Verdict)).toBe('malformed');
  });
});

describe('hmac', () => {
  const scheme = hmac({ id: 'plain', header: 'X-Signature', prefix: 'sha256=' });
  const signed = scheme.sign(post(BODY), { secret: 'plain', eventId: '', at: NOON });

  it('rejects upper-case hex, which no sender writes', () => {
    const shouted = changeHeader(signed, 'x-signature', (value) => {
      return `sha256=${value.slice(7).toUpperCase()}`;
    });
    const verdict = scheme.verify(shouted, { secrets: ['plain'], at: NOON });
    expect(outcome(verdict as Verdict)).toBe('malformed');
  });

  it('never accepts what was made with an empty key', () => {
    // Python 3.11: hmac.new(b'', b'{"a":1}', 'sha256').hexdigest()
    const forged = 'sha256=e0baad27ae5335a93e2979e6693e7630de7d66b4d5bfd687cdbf1f0018f79cb8';
    for (const secrets of [[''], ['', 'plain'], ['plain'], []]) {
      const verdict = scheme.verify(post(BODY, [['x-signature', forged]]), { secrets, at: NOON });
      expect(outcome(verdict as Verdict)).toBe('mismatch');
    }
  });

  it('never repeats more of a header than helps', () => {
    const long = changeHeader(signed, 'x-signature', () => 'x'.repeat(65_536));
    const verdict = scheme.verify(long, { secrets: ['plain'], at: NOON }) as Verdict;
    expect(verdict.detail?.length).toBeLessThan(200);
  });

  it('never tells the signature it expected', () => {
    const value = signed.headers[0]?.[1].slice(7) as string;
    const wrong = changeHeader(signed, 'x-signature', () => `sha256=${'0'.repeat(64)}`);
    const verdict = scheme.verify(wrong, { secrets: ['plain'], at: NOON });
    expect(JSON.stringify(verdict)).not.toContain(value);
  });
});
