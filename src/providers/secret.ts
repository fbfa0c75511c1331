import { HookcliError } from '../core/errors.ts';
import type { Provider } from '../core/types.ts';
import type { KeyPair } from '../schemes/key-pair.ts';

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

/** The variable in which a handler looks for what `hookcli secret` prints. */
export const handlerVariable = ({ secret: { env, publicEnv } }: Provider): string =>
  publicEnv ?? (env[0] as string);

/** All variables by which a handler gets to know a secret: of a key pair, only what is public. */
export function handlerVariables(provider: Provider, secret: string): Record<string, string> {
  const { publicPart, alsoInEnv } = provider.secret;
  return {
    [handlerVariable(provider)]: publicPart?.(secret) ?? secret,
    ...alsoInEnv?.(secret),
  };
}

/** How a key pair is kept: the private key is the secret, of which a handler gets the public one. */
export function keptPair({ generate, publicPart }: KeyPair) {
  return {
    generate,
    publicPart,
    pair: (given: string, own: string) => (publicPart(own) === publicPart(given) ? own : given),
  } as const;
}
