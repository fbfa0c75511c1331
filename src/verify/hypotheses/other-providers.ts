import { readPlace } from '../../core/place.ts';
import type { Place, Provider } from '../../core/types.ts';
import { providers } from '../../providers/index.ts';
import { secretFault } from '../../providers/secret.ts';
import { identifyByHeaders } from '../identify.ts';
import type { Case, Explanation, Hypothesis } from './hypothesis.ts';

const MOST_PROVIDERS = 6;

/** The ways of other providers whose proof this request carries, with all secrets that may do. */
export function* otherProviderHypotheses(it: Case): Generator<Hypothesis> {
  const { provider, request, options } = it;
  const { others = [] } = options;
  const likely = identifyByHeaders(request);
  // Several sign alike; its own headers are the better witness.
  if (likely?.id === provider.id) return;
  const carrying = providers
    .filter((other) => other.id !== provider.id && hasProof(it, other))
    .sort((a, b) => Number(b === likely) - Number(a === likely))
    .slice(0, MOST_PROVIDERS);
  for (const other of carrying) {
    const own = others.flatMap((one) => (one.provider.id === other.id ? one.secrets : []));
    const secrets = [...new Set([...options.secrets, ...own])].filter(
      (secret) => secretFault(other, secret) === undefined,
    );
    if (secrets.length === 0) continue;
    yield {
      ...named(it, other, `The request is signed as ${other.title} signs, and the signature fits.`),
      change: { provider: other, options: { secrets } },
    };
  }
}

/**
 * Whether the proof of another provider is there. Where the one that is expected has sent a proof, its
 * legacy one beside it is no witness for another: GitHub's is the whole of Intercom's.
 */
function hasProof({ request, provider, scheme }: Case, other: Provider): boolean {
  const isThere = (proof: Place | undefined) =>
    proof !== undefined && readPlace(request, proof) !== undefined;
  const beside = isThere(scheme.carriers[0])
    ? provider.schemes.filter(({ legacy }) => legacy).map(({ carriers: [proof] }) => proof?.name)
    : [];
  return other.schemes.some(
    ({ carriers: [proof], legacy }) => !legacy && isThere(proof) && !beside.includes(proof?.name),
  );
}

/** Whom the headers betray, where the proof of the expected provider is not there at all. */
export function otherProviderByHeaders(it: Case): Explanation | undefined {
  const other = identifyByHeaders(it.request);
  if (other === undefined || other.id === it.provider.id) return undefined;
  const proof = it.provider.schemes[0]?.carriers[0];
  const isMissing =
    proof === undefined ? '' : `The ${proof.name} of ${it.provider.title} is not there; `;
  return named(it, other, `${isMissing}the request looks like one of ${other.title}.`);
}

const named = ({ provider }: Case, other: Provider, detail: string): Explanation => ({
  cause: 'other-provider',
  detail,
  hint: `Let the sender use /webhook/${other.id} instead of /webhook/${provider.id}, or verify it with --provider ${other.id}.`,
});
