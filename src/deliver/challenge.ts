import { headerValue, withHeader, withoutHeader } from '../core/headers.ts';
import type { Handshake, Header, Provider, Random, RawRequest } from '../core/types.ts';
import { fillText, renderContext } from '../fixtures/render.ts';
import { signRequest } from '../verify/sign.ts';
import { signSpoiled } from './spoil.ts';

export interface ChallengeOptions {
  readonly provider: Provider;
  readonly handshake: Handshake;
  /** Absolute address of the endpoint. */
  readonly url: string;
  readonly secret: string;
  readonly random: Random;
  readonly at: Date;
  /** Set on top of the provider's own; an empty value removes. */
  readonly headers?: readonly Header[];
  /** The address the provider knows, where the signature covers it. */
  readonly publicUrl?: string;
  /** True for a false signature, by which some providers find out whether one is looked at. */
  readonly isForged?: boolean;
}

/** The request by which a provider begins a handshake, signed where it signs it. */
export function composeChallenge(options: ChallengeOptions): RawRequest {
  const { provider, handshake, url, secret, random, at, publicUrl, isForged } = options;
  const eventId = provider.eventId(random);
  let request = handshake.challenge(url, { random, at, secret });
  const agent = headerValue(provider.headers, 'User-Agent');
  if (agent !== undefined) {
    const text = fillText(agent, renderContext({ at, random, type: handshake.id, eventId }));
    request = { ...request, headers: withHeader(request.headers, 'User-Agent', text) };
  }
  let headers: readonly Header[] = request.headers;
  for (const [name, value] of options.headers ?? []) {
    headers = value === '' ? withoutHeader(headers, name) : withHeader(headers, name, value);
  }
  request = { ...request, headers };
  if (!handshake.isSigned) return request;
  const signing = { secret, eventId, at, ...(publicUrl === undefined ? {} : { publicUrl }) };
  return isForged
    ? signSpoiled(request, provider, { ...signing, spoil: 'signature', random })
    : signRequest(request, provider, signing);
}
