import { describe, expect, it } from 'vitest';
import github from '../../src/providers/github.ts';
import { providers } from '../../src/providers/index.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';
import { schemeFor, signRequest } from '../../src/verify/sign.ts';
import { NOON, post } from '../helpers/requests.ts';

const options = { eventId: 'msg_1', at: NOON };

describe('signing', () => {
  it('takes the scheme that the secret is for', () => {
    expect(schemeFor(standardWebhooks, 'whsec_YWJj', post('{}')).id).toBe('standard-webhooks');
    const pair =
      'whsk_fSNrWYPgqT6o1AwvdyV15Le0wO1QoOevry+6YRIu+yVNhN+MkQvUnmvUfcEDCTPchKPYKN21yKmDAOYB8ASeZg==';
    expect(schemeFor(standardWebhooks, pair, post('{}')).id).toBe('standard-webhooks-asym');
  });

  it('adds the legacy proof that GitHub still sends beside', () => {
    const signed = signRequest(post('{}'), github, { ...options, secret: 'x' });
    expect(signed.headers.map(([name]) => name)).toEqual([
      'X-Hub-Signature',
      'X-Hub-Signature-256',
    ]);
  });

  it('signs anew in the place of an old signature', () => {
    const old = post('{}', [
      ['x-hub-signature-256', 'sha256=old'],
      ['X-Other', 'stays'],
      ['X-HUB-SIGNATURE-256', 'sha256=older'],
    ]);
    const signed = signRequest(old, github, { ...options, secret: 'x' });
    expect(signed.headers.map(([name]) => name)).toEqual([
      'X-Hub-Signature-256',
      'X-Other',
      'X-Hub-Signature',
    ]);
  });

  it.each(providers)('as $id refuses a date that is none', (provider) => {
    const secret = provider.secret.generate({ bytes: (count) => new Uint8Array(count).fill(7) });
    for (const at of [new Date(Number.NaN), new Date(-1)]) {
      expect(() => signRequest(post('{}'), provider, { eventId: 'x', secret, at })).toThrowError(
        expect.objectContaining({ code: 'bad-time' }),
      );
    }
  });
});
