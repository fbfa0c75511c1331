import { setImmediate } from 'node:timers/promises';
import { monotonicMs } from '../core/clock.ts';
import type { Provider, RawRequest, Verdict, VerifyOptions } from '../core/types.ts';
import type { Rejected } from '../schemes/verdicts.ts';
import { bodyHypotheses } from './hypotheses/bodies.ts';
import { doubledHeaders, renamedHeaders } from './hypotheses/headers.ts';
import type {
  Case,
  Cause,
  Change,
  ExplainOptions,
  Explanation,
  Hypothesis,
} from './hypotheses/hypothesis.ts';
import { otherProviderHypotheses } from './hypotheses/other-providers.ts';
import { otherSecretHypotheses } from './hypotheses/other-secrets.ts';
import { proofSpellings } from './hypotheses/proof-spellings.ts';
import { secretHypotheses } from './hypotheses/secrets.ts';
import { plainCause, suspicion } from './hypotheses/suspicion.ts';
import { secondsForMilliseconds, timestampHypotheses } from './hypotheses/timestamps.ts';
import { urlHypotheses } from './hypotheses/urls.ts';
import { verifyRequest } from './verify.ts';

export { type FrameworkAdvice, frameworkAdvice } from './hypotheses/framework-advice.ts';
export {
  CAUSES,
  type Cause,
  type ExplainOptions,
  type Explanation,
  type OtherSecrets,
} from './hypotheses/hypothesis.ts';

/**
 * A rejected verdict with its true cause in the detail and what to change in the hint; any other
 * verdict, and one that nothing explains, as it is. Never throws.
 */
export async function explainVerdict(
  request: RawRequest,
  provider: Provider,
  options: ExplainOptions,
  verdict: Verdict,
): Promise<Verdict> {
  return (await explained(request, provider, options, verdict)).verdict;
}

/** As `explainVerdict`, and beside the verdict the cause, for those who have more to say about it. */
export async function explained(
  request: RawRequest,
  provider: Provider,
  options: ExplainOptions,
  verdict: Verdict,
): Promise<{ verdict: Verdict; cause?: Cause }> {
  if (verdict.status !== 'rejected') return { verdict };
  try {
    const explanation = await explain(request, provider, options, verdict);
    if (explanation === undefined) return { verdict };
    const { cause, detail, hint } = explanation;
    return { verdict: { ...verdict, detail, hint }, cause };
  } catch {
    // The verdict stands, explained or not.
    return { verdict };
  }
}

/**
 * Why the request was rejected: the first hypothesis under which it is genuine, each with one thing
 * changed and judged by the scheme itself; else what can be seen of it without proof; undefined when
 * nothing explains it.
 */
export async function explain(
  request: RawRequest,
  provider: Provider,
  options: ExplainOptions,
  verdict: Rejected,
): Promise<Explanation | undefined> {
  const scheme = provider.schemes.find(({ id }) => id === verdict.scheme) ?? provider.schemes[0];
  if (scheme === undefined) return undefined;
  const it: Case = { request, provider, scheme, options };
  const trial = trialOf(it);
  for (const hypothesis of hypotheses(it, verdict)) {
    const outcome = await trial(hypothesis);
    if (outcome === 'over') break;
    if (outcome === undefined) continue;
    const { cause, detail, hint } = hypothesis;
    // What is put right shall not be rejected the next time without a warning.
    const besides = outcome === 'verified' ? '' : ` (It is ${outcome}, besides.)`;
    return { cause, detail: detail + besides, hint };
  }
  return suspicion(it, verdict) ?? plainCause(it, verdict);
}

/** The likeliest first, and the dearest last. */
function* hypotheses(it: Case, { reason }: Rejected): Generator<Hypothesis> {
  switch (reason) {
    case 'stale':
      return yield* secondsForMilliseconds(it);
    case 'missing':
    case 'downgrade':
      yield* renamedHeaders(it);
      yield* otherProviderHypotheses(it);
      return yield* brokenBodies(it);
    case 'ambiguous':
      return yield* doubledHeaders(it);
    case 'malformed':
      yield* doubledHeaders(it);
      yield* proofSpellings(it);
      yield* timestampHypotheses(it);
      yield* otherProviderHypotheses(it);
      return yield* brokenBodies(it);
    case 'mismatch':
      yield* secretHypotheses(it);
      yield* otherSecretHypotheses(it);
      yield* urlHypotheses(it);
      yield* otherProviderHypotheses(it);
      yield* doubledHeaders(it);
      yield* proofSpellings(it);
      if (!it.scheme.bodyUnsigned) yield* bodyHypotheses(it);
  }
}

/** Where the proof, or what belongs to it, lies in a body that nobody can read any more. */
function* brokenBodies(it: Case): Generator<Hypothesis> {
  const { schemes } = it.provider;
  const inBody = schemes.some(({ carriers }) =>
    carriers.some(({ in: where }) => where !== 'header'),
  );
  if (inBody) yield* bodyHypotheses(it);
}

const MOST_TRIALS = 60;
/** For all trials together; in a busy process, whose others have their turns, they get fewer. */
const MOST_MS = 180;
/** Time after which others get their turn. */
const TURN_MS = 8;

/**
 * Judges the request of a case with one thing changed: the outcome when it is then genuine, undefined
 * when not, `over` when enough has been tried.
 */
function trialOf(it: Case) {
  const startedAt = monotonicMs();
  let turnAt = startedAt;
  let left = MOST_TRIALS;
  const fetchCertificate = once(it.options.fetchCertificate);

  return async ({ change, isOfForm }: Hypothesis) => {
    const now = monotonicMs();
    if (left-- === 0 || now - startedAt > MOST_MS) return 'over';
    if (now - turnAt > TURN_MS) {
      await setImmediate();
      turnAt = monotonicMs();
    }
    const verdict = await verifyRequest(
      requestOf(it, change),
      change.provider ?? it.provider,
      optionsOf(it, change, fetchCertificate),
    );
    if (verdict.status === 'verified') return 'verified';
    if (verdict.status !== 'rejected') return undefined;
    const { reason } = verdict;
    if (reason === 'stale' || reason === 'early') return reason;
    return isOfForm && reason === 'mismatch' ? 'verified' : undefined;
  };
}

const requestOf = ({ request }: Case, { request: other = request, url }: Change): RawRequest =>
  url === undefined ? other : { ...other, url };

type Fetch = VerifyOptions['fetchCertificate'];

function optionsOf({ options }: Case, change: Change, fetch: Fetch): VerifyOptions {
  const { publicUrl, fetchCertificate, ...rest } = options;
  return {
    ...rest,
    ...(publicUrl === undefined || change.url !== undefined ? {} : { publicUrl }),
    // Nobody has asked for what another provider's scheme would fetch.
    ...(fetch === undefined || change.provider !== undefined ? {} : { fetchCertificate: fetch }),
    ...change.options,
  };
}

/** What is fetched for one trial serves the others too. */
function once(fetch: Fetch): Fetch {
  const fetched = new Map<string, Promise<string>>();
  return (
    fetch &&
    ((url) => {
      const known = fetched.get(url) ?? fetch(url);
      fetched.set(url, known);
      return known;
    })
  );
}
