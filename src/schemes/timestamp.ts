import { formatDuration } from '../core/clock.ts';
import { excerpt, type Rejected, rejected } from './verdicts.ts';

/** Default tolerance of most providers, in milliseconds. */
export const FIVE_MINUTES = 300_000;

/** The Unix seconds in a timestamp of plain digits; everything else is malformed. */
export function unixSeconds(
  text: string,
  where: string,
  scheme: string,
): { seconds: number } | Rejected {
  if (/^\d{1,12}$/.test(text)) return { seconds: Number(text) };
  return rejected(
    scheme,
    'malformed',
    `The timestamp in ${where} is "${excerpt(text)}", not Unix seconds.`,
  );
}

export interface AgeRule {
  readonly signedAtMs: number;
  readonly at: Date;
  readonly toleranceMs: number;
  /** False where the provider's own SDK takes any time ahead of the clock. */
  readonly refuseEarly: boolean;
}

/** The rejection of a genuine timestamp outside its tolerance, or undefined when it is inside. */
export function outsideTolerance(scheme: string, rule: AgeRule): Rejected | undefined {
  const ageMs = rule.at.getTime() - rule.signedAtMs;
  // Providers sign whole seconds and their SDKs compare whole seconds.
  if (Math.floor(ageMs / 1_000) * 1_000 > rule.toleranceMs) {
    return rejected(
      scheme,
      'stale',
      `The signature is genuine but ${beside(ageMs, rule.toleranceMs, 'old')}`,
      'A replayed event needs a fresh signature (--resign); for a slow clock raise --tolerance.',
    );
  }
  if (rule.refuseEarly && -ageMs > rule.toleranceMs) {
    return rejected(
      scheme,
      'early',
      `The signature is genuine but dated ${beside(-ageMs, rule.toleranceMs, 'ahead')}`,
      'Compare the clocks of the sender and of this machine.',
    );
  }
  return undefined;
}

/** `6 min old; 5 min are allowed.`; in seconds where both would read alike. */
function beside(ms: number, allowedMs: number, word: string): string {
  const [is, allowed] = [formatDuration(ms), formatDuration(allowedMs)];
  return is === allowed
    ? `${ms / 1_000} s ${word}; ${allowedMs / 1_000} s are allowed.`
    : `${is} ${word}; ${allowed} are allowed.`;
}
