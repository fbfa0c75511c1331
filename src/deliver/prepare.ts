import type { Random, RawRequest } from '../core/types.ts';
import { signRequest } from '../verify/sign.ts';
import { type ComposeOptions, composeRequest } from './compose.ts';
import { type Spoil, signSpoiled } from './spoil.ts';

export interface PrepareOptions extends ComposeOptions {
  readonly secret: string;
  /** Further ones during a rotation, where the provider's proof can hold several signatures. */
  readonly moreSecrets?: readonly string[];
  /** The time of the signature, which a handler compares with its own clock. */
  readonly signedAt: Date;
  readonly random: Random;
  readonly spoil?: Spoil;
  readonly toleranceMs?: number;
  /** The address the provider knows, where the signature covers it; that of the endpoint when absent. */
  readonly publicUrl?: string;
}

export interface Prepared {
  readonly request: RawRequest;
  readonly eventId: string;
}

/** A request as the provider would deliver it: composed, then signed, or spoiled in one property. */
export function prepare(options: PrepareOptions): Prepared {
  const { provider, secret, signedAt, spoil, random, toleranceMs, publicUrl } = options;
  const { eventId, ...request } = composeRequest(options);
  const address = publicUrl === undefined ? {} : { publicUrl };
  const signing = { secret, eventId, at: signedAt, ...address };
  if (spoil === undefined) {
    const { moreSecrets = [] } = options;
    return { request: signRequest(request, provider, { ...signing, moreSecrets }), eventId };
  }
  const tolerance = toleranceMs === undefined ? {} : { toleranceMs };
  const spoiled = signSpoiled(request, provider, { ...signing, ...tolerance, spoil, random });
  return { request: spoiled, eventId };
}
