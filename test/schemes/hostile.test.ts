import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerValues } from '../../src/core/headers.ts';
import type { Header } from '../../src/core/types.ts';
import { changeHeader, NOON, outcome, post } from '../helpers/requests.ts';
import { SCHEMES } from './schemes.ts';

const HOSTILE = [
  '',
  ' ',
  '=',
  ',',
  ';',
  '.',
  '0',
  '-1',
  '1e9',
  '0x10',
  'NaN',
  'null',
  'undefined',
  '[object Object]',
  '__proto__',
  'constructor=1',
  '9'.repeat(400),
  '123abc',
  '1769860800abc',
  '1769860800.0',
  '\0',
  '1769860800\0',
  'a\0b',
  '\r\nX-Injected: 1',
  Array.from({ length: 128 }, (_, i) => String.fromCharCode(0x80 + i)).join(''),
  '\u2028\uFEFF\u{1F4A9}',
  'v1',
  'v1,',
  'v1=',
  't=',
  't=,v1=',
  't=1769860800,v1=',
  'sha256=',
  'sha1=',
  'v1,,',
  'v1, v1, v1,',
  `v1,${'A'.repeat(44)}`,
  `v1,${'A'.repeat(43)}=`,
  `v1a,${'A'.repeat(86)}==`,
  '0'.repeat(40),
  '0'.repeat(64),
  '0'.repeat(128),
  `sha256=${'0'.repeat(64)}`,
  `t=1769860800,v1=${'0'.repeat(64)}`,
  'x'.repeat(65_536),
  'v1,'.repeat(21_845),
  'v1, '.repeat(16_384),
  't=1,'.repeat(16_384),
  'v1=a,'.repeat(13_107),
  ' '.repeat(65_536),
];

describe.each(SCHEMES)('$scheme.id', ({ scheme, secrets }) => {
  const [secret = ''] = fc.sample(secrets, { numRuns: 1, seed: 7 });
  const signed = scheme.sign(post('{"a":1}'), { secret, eventId: 'evt_1', at: NOON });
  const judge = async (request: typeof signed) =>
    outcome(await scheme.verify(request, { secrets: [secret], at: NOON }));

  it('verifies before anything is spoiled', async () => {
    expect(await judge(signed)).toBe('verified');
  });

  it.each(scheme.carriers)('is not fooled by a hostile $name', async ({ name }) => {
    for (const value of HOSTILE) {
      const verdict = await judge(changeHeader(signed, name, () => value));
      expect(verdict, JSON.stringify(value.slice(0, 60))).toMatch(/^(malformed|mismatch)$/);
    }
  });

  it('is not fooled by the same hostile value everywhere', async () => {
    for (const value of HOSTILE) {
      const headers = scheme.carriers.map<Header>(({ name }) => [name, value]);
      expect(await judge({ ...signed, headers })).toMatch(/^(malformed|mismatch)$/);
    }
  });

  it('is not fooled by any text at all', async () => {
    const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const headers = scheme.carriers.map<Header>(({ name }, i) => [name, values[i] as string]);
        expect(await judge({ ...signed, headers })).toMatch(/^(malformed|mismatch)$/);
      }),
    );
  });

  it('takes no header for another that looks like it', async () => {
    for (const { name } of scheme.carriers) {
      const renamed = signed.headers.map<Header>(([key, value]) =>
        key === name ? [`${key}\0`, value] : [key, value],
      );
      expect(await judge({ ...signed, headers: renamed })).toBe('missing');
    }
  });

  it('rejects a header that is there twice, whichever is genuine', async () => {
    for (const { name } of scheme.carriers) {
      const value = headerValues(signed.headers, name)[0] as string;
      for (const extra of ['', value, 'x']) {
        const header: Header = [name.toUpperCase(), extra];
        expect(await judge({ ...signed, headers: [...signed.headers, header] })).toBe('ambiguous');
        expect(await judge({ ...signed, headers: [header, ...signed.headers] })).toBe('ambiguous');
      }
    }
  });

  it('does not accept a secret with a fault, whatever was made with it', async () => {
    for (const faulty of ['', 'whsec_', 'whpk_', 'whsk_', 'whpk_AAAA', 'whsk_AAAA']) {
      if (scheme.secretFault(faulty) === undefined) continue;
      const verdict = await scheme.verify(signed, { secrets: [faulty], at: NOON });
      expect(outcome(verdict)).toBe('mismatch');
    }
  });
});
