import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/core/types.ts';
import { judge } from '../../src/deliver/deliver.ts';
import { sendSummary, summaryJson } from '../../src/terminal/summary.ts';
import { answer, failed, plain } from './samples.ts';

const result = (attempt: Attempt) => {
  const delivery = {
    cause: 'send',
    endpoint: 'http://localhost:3000/',
    attempts: [attempt],
  } as const;
  return { judgement: judge(delivery, { status: '2xx', withinMs: 1_000 }), delivery };
};
const answeredIn = (ms: number) => answer(200, '', [], ms);

describe('the summary of many deliveries', () => {
  it('counts answers by status and failures by kind', () => {
    const results = [
      answeredIn(10),
      answeredIn(20),
      answer(500, '', [], 30),
      answeredIn(1_500),
      failed('refused', 'x', 1),
      failed('timeout', 'x', 30_000),
      failed('refused', 'x', 1),
    ].map(result);
    expect(summaryJson(results)).toEqual({
      sent: 7,
      ok: 2,
      late: 1,
      answers: { 200: 3, 500: 1 },
      failures: { refused: 2, timeout: 1 },
      latencyMs: { p50: 20, p95: 1_500, p99: 1_500, max: 1_500 },
    });
    expect(sendSummary(results, plain)).toBe(
      [
        '✗ 2 of 7 as expected',
        '  answers   3 × 200, 1 × 500',
        '  failures  2 × refused, 1 × timeout',
        '  late      1',
        '  latency   p50 20 ms, p95 1.5 s, p99 1.5 s, max 1.5 s',
      ].join('\n'),
    );
  });

  it('takes the shares of all latencies, in whatever order they came', () => {
    const results = Array.from({ length: 100 }, (_, i) => result(answeredIn(((i * 37) % 100) + 1)));
    expect(summaryJson(results).latencyMs).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
    expect(sendSummary(results, plain)).toBe(
      [
        '✓ 100 of 100 as expected',
        '  answers   100 × 200',
        '  latency   p50 50 ms, p95 95 ms, p99 99 ms, max 100 ms',
      ].join('\n'),
    );
  });

  it('has no latency where nobody answered', () => {
    const results = [result(failed('refused', 'x'))];
    expect(summaryJson(results)).not.toHaveProperty('latencyMs');
    expect(sendSummary(results, plain)).toBe('✗ 0 of 1 as expected\n  failures  1 × refused');
  });
});
