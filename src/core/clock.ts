import { HookcliError } from './errors.ts';

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)?$/;

/**
 * Milliseconds of a duration written as people write it: `30s`, `1.5m`, `250ms`. A bare number
 * counts seconds.
 *
 * @param name the option the text was given for, named in the error
 */
export function parseDuration(text: string, name: string): number {
  const match = DURATION.exec(text.trim());
  const ms = match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2] ?? 's'] as number);
  if (!Number.isFinite(ms)) {
    throw new HookcliError('bad-duration', `${name}: "${text}" is not a length of time.`, {
      hint: 'Write it like 500ms, 30s, 5m, 2h or 7d.',
    });
  }
  return ms;
}

/**
 * The instant meant by an ISO date, Unix seconds, Unix milliseconds, `now`, or a duration relative
 * to now (`-10m`, `+1h`).
 *
 * @param name the option the text was given for, named in the error
 */
export function parseInstant(text: string, now: Date, name: string): Date {
  const trimmed = text.trim();
  if (trimmed === 'now') return now;
  if (/^[+-]/.test(trimmed)) {
    const sign = trimmed[0] === '-' ? -1 : 1;
    const at = new Date(now.getTime() + sign * parseDuration(trimmed.slice(1), name));
    if (!Number.isNaN(at.getTime())) return at;
  } else if (/^\d{1,11}$/.test(trimmed)) {
    return new Date(Number(trimmed) * 1_000);
  } else if (/^\d{12,14}$/.test(trimmed)) {
    return new Date(Number(trimmed));
  } else if (/^\d{4}-\d\d-\d\d/.test(trimmed)) {
    const at = new Date(trimmed);
    if (!Number.isNaN(at.getTime())) return at;
  }
  throw new HookcliError('bad-time', `${name}: "${text}" is not a point in time.`, {
    hint: 'Write it like 2026-01-31T12:00:00Z, 1769860800 (Unix seconds) or -10m (ten minutes ago).',
  });
}

/**
 * Refuses a date that is none, or lies before 1970. Compared with it, every signature would count as
 * fresh.
 *
 * @param name what the date was given for, named in the error
 * @throws HookcliError `bad-time`
 */
export function assertInstant(at: Date, name: string): void {
  if (at.getTime() >= 0) return;
  throw new HookcliError('bad-time', `${name}: not a point in time since 1970.`, {
    hint: 'Give a valid Date, such as new Date().',
  });
}

/** A duration for people: `34 ms`, `1.2 s`, `3 min`, `2.5 h`, `3 days`. */
export function formatDuration(ms: number): string {
  const round = (value: number) => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
  if (ms < 999.5) return `${ms < 1 && ms > 0 ? '<1' : Math.round(ms)} ms`;
  if (ms < 120_000) return `${round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${round(ms / 3_600_000)} h`;
  return `${round(ms / 86_400_000)} days`;
}

/** Milliseconds on a clock that never jumps, for measuring. (`performance` costs a cold start 1 ms.) */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

/** The longest a Node timer can wait, in milliseconds (24.8 days); beyond it, it would not wait at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A delay that a timer can keep: a longer one is as good as for ever. */
export const timerMs = (ms: number): number => Math.min(ms, LONGEST_TIMER_MS);
