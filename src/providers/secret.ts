import { HookcliError } from '../core/errors.ts';
import type { Provider } from '../core/types.ts';

/** What is wrong with a secret for every scheme of the provider, or undefined when one can use it. */
export function secretFault(provider: Provider, secret: string): string | undefined {
  const faults = provider.schemes.map((scheme) => scheme.secretFault(secret));
  return faults.includes(undefined) ? undefined : faults[0];
}

/**
 * Refuses a secret that no scheme of the provider can use: verifying with it could only mislead.
 *
 * @param origin where the secret is from, in words
 * @throws HookcliError `unusable-secret`; the secret itself is not in the message
 */
export function assertUsable(provider: Provider, secret: string, origin?: string): void {
  const fault = secretFault(provider, secret);
  if (fault === undefined) return;
  const from = origin === undefined ? '' : ` (${origin})`;
  throw new HookcliError('unusable-secret', `The ${provider.title} secret${from} ${fault}.`, {
    hint: `Expected: ${provider.secret.kind}. See one that works: hookcli secret ${provider.id}`,
  });
}
