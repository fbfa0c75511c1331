import { describe, expect, it } from 'vitest';
import { bodyToken } from '../../src/schemes/body-token.ts';
import { sharedToken } from '../../src/schemes/shared-token.ts';
import { NOON, outcome, post } from '../helpers/requests.ts';

const options = { secret: 'open sesame', eventId: 'evt_1', at: NOON };

describe('a token in the body', () => {
  const scheme = bodyToken({ id: 'test', field: 'auth.passcode' });
  const reason = async (body: string, secrets = ['open sesame']) =>
    outcome(await scheme.verify(post(body), { secrets, at: NOON }));

  it('is put where it belongs, and the rest stays in its order', () => {
    const { body } = scheme.sign(post('{"a":1,"auth":{"passcode":""},"é":2}'), options);
    expect(Buffer.from(body).toString()).toBe('{"a":1,"auth":{"passcode":"open sesame"},"é":2}');
  });

  it('leaves a body that has it as it is, byte for byte', () => {
    const request = post('{ "auth": { "passcode": "open sesame" } }');
    expect(scheme.sign(request, options)).toBe(request);
  });

  it('needs a JSON object to lie in', () => {
    for (const body of ['', 'text', '7', 'null']) {
      expect(() => scheme.sign(post(body), options), body).toThrowError(
        expect.objectContaining({ code: 'bad-json', exitCode: 2 }),
      );
    }
  });

  it('verifies when it is one of the secrets', async () => {
    expect(await reason('{"auth":{"passcode":"open sesame"}}')).toBe('verified');
    expect(await reason('{"auth":{"passcode":"open sesame"}}', ['x', 'open sesame'])).toBe(
      'verified',
    );
    expect(await reason('{"auth":{"passcode":"open sesam"}}')).toBe('mismatch');
    expect(await reason('{"auth":{"passcode":""}}')).toBe('malformed');
    expect(await reason('{"auth":{}}')).toBe('missing');
    expect(await reason('{"auth":{"passcode":["open sesame"]}}')).toBe('missing');
    expect(await reason('passcode=open+sesame')).toBe('missing');
  });
});

describe('a token in a header', () => {
  it('may be told from other secrets by its form', async () => {
    const key = { fault: (secret: string) => (secret.startsWith('k_') ? 'is a key' : undefined) };
    const scheme = sharedToken({ id: 'test', header: 'X-Token', key });
    expect(scheme.secretFault('k_1')).toBe('is a key');
    const request = post('{}', [['X-Token', 'k_1']]);
    expect(outcome(await scheme.verify(request, { secrets: ['k_1'], at: NOON }))).toBe('mismatch');
  });
});
