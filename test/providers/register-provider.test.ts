import { expect, it } from 'vitest';
import { inJson } from '../../src/core/place.ts';
import { defineProvider } from '../../src/providers/define-provider.ts';
import generic from '../../src/providers/generic.ts';
import {
  findProvider,
  getProvider,
  providers,
  registerProvider,
} from '../../src/providers/index.ts';
import { hmac } from '../../src/schemes/hmac.ts';
import { identify } from '../../src/verify/identify.ts';
import { post } from '../helpers/requests.ts';

const own = (id: string) =>
  defineProvider({
    ...generic,
    id,
    schemes: [hmac({ id, header: `X-${id}` })],
    identify: { headers: { [`x-${id}`]: true } },
    event: { type: [inJson('type')] },
  });

it('makes a provider known like any other, in front of them', () => {
  const builtIn = providers.length;
  // Asked before, so that nothing is remembered from then.
  expect(identify(post('{}', [['X-Acme', '1']]))).toBeUndefined();
  const [acme, beta] = [own('acme'), own('beta')];
  registerProvider(acme);
  registerProvider(beta);
  expect(providers.slice(0, 2)).toEqual([acme, beta]);
  expect(providers).toHaveLength(builtIn + 2);
  expect(findProvider('acme')).toBe(acme);
  expect(getProvider('beta')).toBe(beta);
  expect(identify(post('{}', [['X-Acme', '1']]))).toBe(acme);
  expect(identify({ ...post('{}'), url: '/webhook/beta' })).toBe(beta);
});

it('takes no id twice', () => {
  registerProvider(own('gamma'));
  for (const id of ['stripe', 'gamma']) {
    expect(() => registerProvider(own(id))).toThrowError(
      expect.objectContaining({ code: 'taken-provider', exitCode: 2 }),
    );
  }
  expect(providers.filter(({ id }) => id === 'stripe')).toHaveLength(1);
});
