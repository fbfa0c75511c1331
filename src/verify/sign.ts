import { assertInstant } from '../core/clock.ts';
import type { Provider, RawRequest, Scheme, SignOptions } from '../core/types.ts';
import { assertUsable } from '../providers/secret.ts';

/** The scheme of the provider that signs this request with this secret. */
export function schemeFor(provider: Provider, secret: string, request: RawRequest): Scheme {
  assertUsable(provider, secret);
  const able = provider.schemes.filter((candidate) => candidate.secretFault(secret) === undefined);
  const scheme = able.find(({ appliesTo }) => appliesTo?.(request) ?? true) ?? able[0];
  if (scheme === undefined) throw new Error(`No scheme of ${provider.id} takes its own secret.`);
  return scheme;
}

/**
 * The request as the provider would sign it, with the legacy proofs it still sends beside.
 *
 * @throws HookcliError `unusable-secret`, `bad-time`
 */
export function signRequest(
  request: RawRequest,
  provider: Provider,
  options: SignOptions,
): RawRequest {
  assertInstant(options.at, 'The time to sign at');
  const scheme = schemeFor(provider, options.secret, request);
  let signed = request;
  for (const legacy of provider.schemes) if (legacy.legacy) signed = legacy.sign(signed, options);
  const first = scheme.sign(signed, options);
  const more = (options.moreSecrets ?? []).filter((one) => scheme.secretFault(one) === undefined);
  if (scheme.combine === undefined || more.length === 0) return first;
  return scheme.combine([
    first,
    ...more.map((secret) => scheme.sign(signed, { ...options, secret })),
  ]);
}
