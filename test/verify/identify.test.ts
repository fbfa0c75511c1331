import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Header } from '../../src/core/types.ts';
import { identify, identifyByHeaders, identifyByPath } from '../../src/verify/identify.ts';
import { post } from '../helpers/requests.ts';

describe('by path', () => {
  it.each([
    ['/webhook/stripe', 'stripe'],
    ['/webhooks/github', 'github'],
    ['/webhook/stripe/', 'stripe'],
    ['/webhook/stripe/more?x=1', 'stripe'],
    ['/stripe', 'stripe'],
    ['/stripe/webhook', 'stripe'],
    ['/github/events?a=/webhook/stripe', 'github'],
    ['/webhook/standard%2Dwebhooks', 'standard-webhooks'],
    ['http://localhost:4400/webhook/stripe', 'stripe'],
  ])('%s is of %s', (url, id) => {
    expect(identifyByPath(url)?.id).toBe(id);
  });

  it.each([
    '/',
    '',
    '//',
    '//stripe/x',
    '/webhook',
    '/webhook/',
    '/webhook/nobody',
    '/webhook/constructor',
    '/__proto__',
    '/api/stripe',
    '/hooks?provider=stripe',
    '/%zz/stripe',
    '/%00',
    '*',
    'http://',
    '/Stripe',
    '/stripe-webhooks',
  ])('%j is of nobody', (url) => {
    expect(identifyByPath(url)).toBeUndefined();
  });

  it('never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (url) => {
        expect(() => identifyByPath(url)).not.toThrow();
        expect(() => identifyByPath(`/${url}`)).not.toThrow();
      }),
    );
  });
});

describe('by headers', () => {
  it.each<[readonly Header[], string | undefined]>([
    [[['Stripe-Signature', '']], 'stripe'],
    [[['x-github-event', 'push']], 'github'],
    [
      [
        ['webhook-id', 'x'],
        ['Webhook-Signature', 'x'],
      ],
      'standard-webhooks',
    ],
    [[['webhook-id', 'x']], undefined],
    [[['webhook-signature', 'x']], undefined],
    // Of several that fit, the one that asks for the most, then the first of the list.
    [
      [
        ['x-github-event', 'x'],
        ['x-event-type', 'x'],
        ['x-event-id', 'x'],
      ],
      'generic',
    ],
    [
      [
        ['x-event-type', 'x'],
        ['x-event-id', 'x'],
        ['webhook-id', 'x'],
        ['webhook-signature', 'x'],
      ],
      'standard-webhooks',
    ],
    [[['x-stripe-signature', 'x']], undefined],
    [[], undefined],
  ])('%j is of %s', (headers, id) => {
    expect(identifyByHeaders(post('', headers))?.id).toBe(id);
  });
});

describe('both', () => {
  it('the path has the last word', () => {
    const request = { ...post('', [['stripe-signature', 'x']]), url: '/webhook/github' };
    expect(identify(request)?.id).toBe('github');
    expect(identify({ ...request, url: '/anything' })?.id).toBe('stripe');
    expect(identify({ ...request, url: '/webhook/nobody' })?.id).toBe('stripe');
  });
});
