import { formatDuration } from '../core/clock.ts';
import type { Delivery } from '../core/types.ts';
import { type Judgement, lastAttempt } from '../deliver/deliver.ts';
import { safe } from './safe.ts';
import type { Theme } from './theme.ts';

/** A delivery and how it was judged. */
export interface Result {
  readonly judgement: Judgement;
  readonly delivery: Delivery;
  /** How long after its time it went out, in milliseconds. */
  readonly lagMs?: number;
}

type Counts = Readonly<Record<string, number>>;

interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

// A type, since only types of this form can stand where any members are welcome.
type Summary = {
  readonly sent: number;
  /** As expected. */
  readonly ok: number;
  readonly late: number;
  /** By status. */
  readonly answers: Counts;
  /** By kind. */
  readonly failures: Counts;
  /** Milliseconds until the answer was there; absent when there was none. */
  readonly latencyMs?: Latency;
};

/** What many deliveries come to; also the `summary` line of `--json`. */
export function summaryJson(results: readonly Result[]): Summary {
  const answers: Record<string, number> = {};
  const failures: Record<string, number> = {};
  const times: number[] = [];
  for (const { delivery, lagMs = 0 } of results) {
    const { outcome, durationMs } = lastAttempt(delivery);
    if (outcome.kind === 'failed') {
      failures[outcome.failure] = (failures[outcome.failure] ?? 0) + 1;
    } else {
      answers[outcome.status] = (answers[outcome.status] ?? 0) + 1;
      times.push(lagMs + durationMs);
    }
  }
  const judged = (judgement: Judgement) =>
    results.filter((result) => result.judgement === judgement).length;
  return {
    sent: results.length,
    ok: judged('as-expected'),
    late: judged('late'),
    answers,
    failures,
    ...(times.length === 0 ? {} : { latencyMs: latencyOf(times) }),
  };
}

/** The time within which this share of the answers was there (nearest rank). */
function latencyOf(times: number[]): Latency {
  times.sort((a, b) => a - b);
  const at = (share: number) => {
    const time = times[Math.ceil(times.length * share) - 1] as number;
    return Math.round(time * 1_000) / 1_000;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** The same for people. */
export function sendSummary(results: readonly Result[], theme: Theme): string {
  const { sent, ok, late, answers, failures, latencyMs } = summaryJson(results);
  const { symbols } = theme;
  const verdict = `${ok} of ${sent} as expected`;
  const lines = [
    ok === sent ? theme.ok(`${symbols.ok} ${verdict}`) : theme.bad(`${symbols.bad} ${verdict}`),
  ];
  const row = (name: string, text: string) => lines.push(`  ${theme.dim(name.padEnd(10))}${text}`);
  if (Object.keys(answers).length > 0) row('answers', countsText(answers));
  if (Object.keys(failures).length > 0) row('failures', theme.bad(countsText(failures)));
  if (late > 0) row('late', theme.warn(String(late)));
  if (latencyMs !== undefined) {
    const shares = Object.entries(latencyMs).map(([name, ms]) => `${name} ${formatDuration(ms)}`);
    row('latency', shares.join(', '));
  }
  return lines.join('\n');
}

const countsText = (counts: Counts): string =>
  Object.entries(counts)
    .map(([word, count]) => `${count} × ${safe(word)}`)
    .join(', ');
