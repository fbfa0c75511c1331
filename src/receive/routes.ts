import { HookcliError } from '../core/errors.ts';
import { globMatcher } from '../core/glob.ts';
import type { CapturedEvent } from '../core/types.ts';
import { type Endpoint, endpointOf, parseTarget, type Target } from '../deliver/target.ts';
import { getProvider } from '../providers/index.ts';

/** Sends the events of one provider, maybe of some types only, to a target of their own. */
export interface Route {
  readonly provider: string;
  readonly matchesType: (type: string) => boolean;
  readonly target: Target;
}

/**
 * Reads `--route <provider>[:<type glob>]=<target>`.
 *
 * @throws HookcliError `bad-route`, `unknown-provider` or `bad-target`
 */
export function parseRoute(text: string): Route {
  const equals = text.indexOf('=');
  const [provider = '', ...glob] = text.slice(0, Math.max(0, equals)).split(':');
  if (equals < 1 || provider === '') {
    throw new HookcliError('bad-route', `--route: "${text}" is not a route.`, {
      hint: 'Write it like stripe=3000 or github:pull_request.*=localhost:3000/hooks.',
    });
  }
  return {
    provider: provider === 'unknown' ? provider : getProvider(provider).id,
    matchesType: glob.length === 0 ? () => true : globMatcher(glob.join(':')),
    target: parseTarget(text.slice(equals + 1)),
  };
}

/** Where an event goes: the target of the first route that fits, else every target there is. */
export function endpointsFor(
  event: CapturedEvent,
  routes: readonly Route[],
  targets: readonly Target[],
): Endpoint[] {
  const route = routes.find(
    ({ provider, matchesType }) => provider === event.provider && matchesType(event.type ?? ''),
  );
  const chosen = route === undefined ? targets : [route.target];
  return chosen.map((target) => endpointOf(target, event.request.url));
}
