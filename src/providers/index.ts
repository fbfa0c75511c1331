import { HookcliError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Provider } from '../core/types.ts';
import generic from './generic.ts';
import github from './github.ts';
import standardWebhooks from './standard-webhooks.ts';
import stripe from './stripe.ts';

/** Every provider, in the order they are listed to people. */
export const providers: readonly Provider[] = [stripe, github, standardWebhooks, generic];

const byId = new Map(providers.map((provider) => [provider.id, provider]));

export const findProvider = (id: string): Provider | undefined => byId.get(id);

/**
 * The provider with this id.
 *
 * @throws HookcliError `unknown-provider`, naming the nearest ones
 */
export function getProvider(id: string): Provider {
  const provider = byId.get(id);
  if (provider !== undefined) return provider;
  const [guess] = nearest(id, [...byId.keys()]);
  throw new HookcliError('unknown-provider', `There is no provider "${id}".`, {
    hint:
      guess === undefined
        ? 'See all of them with: hookcli providers'
        : `Did you mean "${guess}"? All of them: hookcli providers`,
  });
}
