import { assertInstant } from '../core/clock.ts';
import { HookcliError } from '../core/errors.ts';
import { readPlace } from '../core/place.ts';
import type {
  Provider,
  RawRequest,
  RejectReason,
  Scheme,
  Verdict,
  VerifyOptions,
} from '../core/types.ts';
import { assertUsable } from '../providers/secret.ts';
import { publicUrl } from '../schemes/public-url.ts';

// The most telling rejection wins when several schemes were tried.
const TELLING: readonly RejectReason[] = [
  'stale',
  'early',
  'mismatch',
  'ambiguous',
  'malformed',
  'missing',
];

/**
 * Judges whether a request comes from the provider.
 *
 * @throws HookcliError `unusable-secret` when no scheme of the provider can use a secret,
 *   `bad-time` and `bad-tolerance` for a clock or tolerance that cannot be compared with
 */
export async function verifyRequest(
  request: RawRequest,
  provider: Provider,
  options: VerifyOptions,
): Promise<Verdict> {
  const { secrets } = options;
  assertComparable(options);
  for (const secret of secrets) assertUsable(provider, secret);
  if (secrets.length === 0) {
    return {
      status: 'unchecked',
      reason: 'no-secret',
      detail: `No ${provider.title} secret is known.`,
      hint: `Give one with --secret ${provider.id}=… or in ${provider.secret.env[0]}.`,
    };
  }
  const rejections: Extract<Verdict, { status: 'rejected' }>[] = [];
  for (const scheme of provider.schemes) {
    if (scheme.legacy) continue;
    const tried = tryScheme(request, scheme, options);
    const verdict = tried instanceof Promise ? await tried : tried;
    if (verdict?.status === 'rejected') rejections.push(verdict);
    else if (verdict !== undefined) return verdict;
  }
  rejections.sort((a, b) => TELLING.indexOf(a.reason) - TELLING.indexOf(b.reason));
  const rejection = rejections[0];
  if (rejection === undefined) throw new Error(`No scheme of ${provider.id} gave a verdict.`);
  if (rejection.reason !== 'missing') return tellUrl(rejection, request, provider, options);
  return (await judgeLegacy(request, provider, options)) ?? rejection;
}

/** A URL that differs looks like a wrong signature, so the one that was used is told. */
function tellUrl(
  rejection: Extract<Verdict, { status: 'rejected' }>,
  request: RawRequest,
  { schemes }: Provider,
  options: VerifyOptions,
): Verdict {
  const scheme = schemes.find(({ id }) => id === rejection.scheme);
  if (rejection.reason !== 'mismatch' || !scheme?.coversUrl) return rejection;
  const url = publicUrl(request, options.publicUrl);
  const hint = `The URL was taken to be ${url}; if the provider knows another, give it: --public-url https://…`;
  return { ...rejection, hint: rejection.hint === undefined ? hint : `${rejection.hint} ${hint}` };
}

function assertComparable({ at, toleranceMs = 0 }: VerifyOptions): void {
  assertInstant(at, 'The time to verify at');
  if (toleranceMs >= 0) return;
  throw new HookcliError('bad-tolerance', `The tolerance cannot be ${toleranceMs} ms.`, {
    hint: 'Give 0 or more milliseconds; Infinity accepts any age.',
  });
}

/** The scheme's verdict, or undefined when none of the secrets is for it. */
function tryScheme(request: RawRequest, scheme: Scheme, options: VerifyOptions) {
  const usable = options.secrets.some((secret) => scheme.secretFault(secret) === undefined);
  // It gets all of them and passes over those of other schemes, so that its count is the caller's.
  return usable ? scheme.verify(request, options) : undefined;
}

/** A proof too weak to be trusted is still worth telling about. */
async function judgeLegacy(
  request: RawRequest,
  provider: Provider,
  options: VerifyOptions,
): Promise<Verdict | undefined> {
  for (const scheme of provider.schemes) {
    const carrier = scheme.carriers[0];
    if (!scheme.legacy || !carrier || readPlace(request, carrier) === undefined) continue;
    const verdict = await tryScheme(request, scheme, options);
    if (verdict === undefined) continue;
    const fits = verdict.status === 'verified' ? 'It fits' : 'It does not fit either';
    return {
      status: 'rejected',
      scheme: scheme.id,
      reason: 'downgrade',
      detail: `Only the legacy ${carrier.name} ${carrier.in} is there. ${fits}, but it proves too little to be trusted alone.`,
      hint: `${provider.title} also sends ${provider.schemes[0]?.carriers[0]?.name}; look for what removed it.`,
    };
  }
  return undefined;
}
