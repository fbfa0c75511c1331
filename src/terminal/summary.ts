import { formatDuration } from '../core/clock.ts';
import type { Delivery } from '../core/types.ts';
import type { Judgement } from '../deliver/deliver.ts';
import { deliveryEnd } from '../store/record.ts';
import type { Theme } from './theme.ts';

/** A delivery and how it was judged. */
export interface Result {
  readonly judgement: Judgement;
  readonly delivery: Delivery;
}

interface Summary {
  readonly sent: number;
  readonly ok: number;
  /** Answers by status, and failures by kind. */
  readonly answers: Readonly<Record<string, number>>;
  readonly late: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** What many deliveries come to; also the `summary` line of `--json`. */
export function summaryJson(results: readonly Result[]): Summary & Record<string, unknown> {
  const answers: Record<string, number> = {};
  const times: number[] = [];
  for (const { delivery } of results) {
    const { status, failure, ms } = deliveryEnd(delivery);
    const word = String(status ?? failure);
    answers[word] = (answers[word] ?? 0) + 1;
    times.push(ms);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? 0;
  return {
    sent: results.length,
    ok: results.filter(({ judgement }) => judgement === 'as-expected').length,
    answers,
    late: results.filter(({ judgement }) => judgement === 'late').length,
    p50: at(0.5),
    p95: at(0.95),
    max: at(1),
  };
}

export function sendSummary(results: readonly Result[], theme: Theme): string {
  const { sent, ok, answers, late, p50, p95, max } = summaryJson(results);
  const all = `${ok} of ${sent} as expected`;
  const lines = [
    ok === sent ? theme.ok(`${theme.symbols.ok} ${all}`) : theme.bad(`${theme.symbols.bad} ${all}`),
    `  answers   ${Object.entries(answers)
      .map(([word, count]) => `${word} × ${count}`)
      .join(', ')}`,
    `  latency   p50 ${formatDuration(p50)}, p95 ${formatDuration(p95)}, max ${formatDuration(max)}`,
  ];
  if (late > 0) lines.push(theme.warn(`  late      ${late}`));
  return lines.join('\n');
}
