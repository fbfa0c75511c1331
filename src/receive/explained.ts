import type { Provider, RawRequest, Verdict } from '../core/types.ts';
import type { ExplainOptions } from '../verify/explain.ts';

/** So many at a time: a stranger's flood of wrong signatures must not take the machine from the others. */
const MOST_AT_A_TIME = 2;

let underWay = 0;

/** The rejected verdict with its true cause, or as it is while others are being explained. */
export async function explained(
  request: RawRequest,
  provider: Provider,
  options: ExplainOptions,
  verdict: Verdict,
): Promise<Verdict> {
  if (underWay >= MOST_AT_A_TIME) return verdict;
  underWay++;
  try {
    // Most receivers never need it.
    const { explainVerdict } = await import('../verify/explain.ts');
    return await explainVerdict(request, provider, options, verdict);
  } finally {
    underWay--;
  }
}
