import { describe, expect, it } from 'vitest';
import type { Provider } from '../../src/core/types.ts';
import { defineProvider } from '../../src/providers/define-provider.ts';
import github from '../../src/providers/github.ts';
import { findProvider, getProvider, providers } from '../../src/providers/index.ts';
import { assertUsable } from '../../src/providers/secret.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';

describe('defining a provider', () => {
  const [sha256, sha1] = github.schemes;
  it.each<[string, Partial<Provider>]>([
    ['id', { id: 'Git Hub' }],
    ['id', { id: '' }],
    ['title', { title: ' ' }],
    ['docs', { docs: 'http://example.com' }],
    ['schemes', { schemes: [] }],
    ['schemes', { schemes: [sha1, sha256] as Provider['schemes'] }],
    ['secret.env', { secret: { ...github.secret, env: [] } }],
    ['identify', { identify: { headers: {} } }],
    ['identify.headers', { identify: { headers: { 'X-GitHub-Event': true } } }],
    ['event.type', { event: { ...github.event, type: [] } }],
    ['deadlineMs', { deadlineMs: 0 }],
  ])('is refused for its %s', (member, half) => {
    expect(() => defineProvider({ ...github, ...half })).toThrow(`: ${member} `);
  });

  it('leaves a whole one as it is', () => {
    expect(defineProvider(github)).toBe(github);
  });
});

describe('the list of providers', () => {
  it('has no id twice, and no provider a scheme', () => {
    const ids = providers.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id: provider, schemes } of providers) {
      const names = schemes.map(({ id }) => id);
      expect(new Set(names).size, provider).toBe(names.length);
    }
  });

  it('has no usual name of a secret twice', () => {
    const names = providers.flatMap(({ secret }) => secret.env);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is asked by id', () => {
    expect(getProvider('github')).toBe(github);
    expect(findProvider('nobody')).toBeUndefined();
    expect(findProvider('constructor')).toBeUndefined();
  });

  it('names the nearest for one that is not there', () => {
    expect(() => getProvider('strip')).toThrowError(
      expect.objectContaining({
        code: 'unknown-provider',
        exitCode: 2,
        message: expect.stringContaining('"strip"'),
        hint: expect.stringContaining('"stripe"'),
      }),
    );
    expect(() => getProvider('zzzzzzzz')).toThrowError(
      expect.objectContaining({ hint: expect.stringContaining('hookcli providers') }),
    );
  });
});

describe('a secret no scheme can use', () => {
  it('is refused with the fault of the scheme it was meant for, and without the secret', () => {
    expect(() => assertUsable(standardWebhooks, 'whpk_c2VjcmV0', 'from .env')).toThrowError(
      expect.objectContaining({
        code: 'unusable-secret',
        message: 'The Standard Webhooks secret (from .env) does not hold 32 bytes.',
        hint: expect.stringContaining('hookcli secret standard-webhooks'),
      }),
    );
    expect(() => assertUsable(standardWebhooks, 'hunter2!')).toThrowError(
      expect.objectContaining({
        message: 'The Standard Webhooks secret is not base64 (after "whsec_").',
      }),
    );
  });
});
