import { HookcliError } from '../core/errors.ts';
import type { Attempt, Cause, Delivery, RawRequest } from '../core/types.ts';
import { attempt } from './attempt.ts';
import { type Endpoint, endpointUrl } from './target.ts';
import type { Transport } from './transport.ts';

export interface DeliverOptions {
  readonly transport: Transport;
  readonly cause: Cause;
  /** For one attempt, in milliseconds; 0 waits for ever. */
  readonly timeoutMs: number;
}

/** Brings one request to one endpoint. What goes wrong is in the delivery, never thrown. */
export async function deliver(
  request: RawRequest,
  endpoint: Endpoint,
  { transport, cause, timeoutMs }: DeliverOptions,
): Promise<Delivery> {
  const attempts: Attempt[] = [await attempt(transport, request, endpoint, timeoutMs)];
  return { cause, endpoint: endpointUrl(endpoint), attempts };
}

/** The last attempt of a delivery, which decides how it ended. */
export function lastAttempt(delivery: Delivery): Attempt {
  const last = delivery.attempts.at(-1);
  if (last === undefined) throw new Error(`A delivery to ${delivery.endpoint} has no attempt.`);
  return last;
}

/** What a delivery is judged by. */
export interface Expectation {
  /** `2xx`, `4xx`, or one status. */
  readonly status: string;
  /** The answer must be there within this time, in milliseconds. */
  readonly withinMs?: number;
}

/**
 * Reads `--expect`.
 *
 * @throws HookcliError `bad-expectation`
 */
export function parseExpectation(text: string): string {
  if (/^([1-5]xx|[1-5]\d\d)$/.test(text)) return text;
  throw new HookcliError('bad-expectation', `--expect: "${text}" is not a status.`, {
    hint: 'Write it like 2xx, 4xx or 202.',
  });
}

export type Judgement = 'as-expected' | 'other-status' | 'other-answer' | 'late' | 'failed';

/** Whether a delivery ended as it should have. */
export function judge(delivery: Delivery, expected: Expectation): Judgement {
  const { outcome, durationMs } = lastAttempt(delivery);
  if (outcome.kind === 'failed') return 'failed';
  const status = String(outcome.status);
  const fits = expected.status.endsWith('xx')
    ? status[0] === expected.status[0]
    : status === expected.status;
  if (!fits) return 'other-status';
  return expected.withinMs !== undefined && durationMs > expected.withinMs ? 'late' : 'as-expected';
}
