import { formatDuration } from '../core/clock.ts';
import { excerpt, type Rejected, rejected } from './verdicts.ts';

/** Default tolerance of most providers, in milliseconds. */
export const FIVE_MINUTES = 300_000;

/** How a provider writes the time: Unix seconds, Unix milliseconds, or RFC 3339. */
export type TimeFormat = 's' | 'ms' | 'rfc3339';

const FORMATS = {
  s: { pattern: /^\d{1,12}$/, words: 'Unix seconds' },
  ms: { pattern: /^\d{1,15}$/, words: 'Unix milliseconds' },
  rfc3339: {
    pattern: /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/,
    words: 'a time like 2026-11-25T12:00:00Z',
  },
} as const;

/** The instant in a timestamp, in milliseconds; everything that is not just the format is malformed. */
export function readTimestamp(
  text: string,
  format: TimeFormat,
  where: string,
  scheme: string,
): { ms: number } | Rejected {
  const { pattern, words } = FORMATS[format];
  if (pattern.test(text)) {
    const ms =
      format === 's' ? Number(text) * 1_000 : format === 'ms' ? Number(text) : Date.parse(text);
    if (!Number.isNaN(ms)) return { ms };
  }
  return rejected(
    scheme,
    'malformed',
    `The timestamp in ${where} is "${excerpt(text)}", not ${words}.`,
  );
}

/** The instant as the provider writes it. */
export function writeTimestamp(at: Date, format: TimeFormat): string {
  if (format === 's') return String(Math.floor(at.getTime() / 1_000));
  return format === 'ms' ? String(at.getTime()) : at.toISOString();
}

export interface AgeRule {
  readonly signedAtMs: number;
  readonly at: Date;
  readonly toleranceMs: number;
  /** False where the provider's own SDK takes any time ahead of the clock. */
  readonly refuseEarly: boolean;
  /** True where the provider compares milliseconds; most compare whole seconds. */
  readonly exact?: boolean;
}

/** The rejection of a genuine timestamp outside its tolerance, or undefined when it is inside. */
export function outsideTolerance(scheme: string, rule: AgeRule): Rejected | undefined {
  const ageMs = rule.at.getTime() - rule.signedAtMs;
  const comparedMs = rule.exact ? ageMs : Math.floor(ageMs / 1_000) * 1_000;
  if (comparedMs > rule.toleranceMs) {
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
