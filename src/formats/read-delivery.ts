import type { Attempt, Cause, Delivery, Failure, Outcome } from '../core/types.ts';
import { refused } from './bounds.ts';

type Members = Record<string, unknown>;

const CAUSES: readonly Cause[] = ['forward', 'send', 'replay', 'check'];
const FAILURES: readonly Failure[] = [
  'refused',
  'unresolved',
  'unreachable',
  'reset',
  'incomplete',
  'malformed',
  'too-large',
  'timeout',
  'tls',
  'aborted',
];
const MOST_ATTEMPTS = 1_000;
const LONGEST_ENDPOINT = 4_096;

/**
 * The delivery in a JSON line, which tells how many attempts there were and how the last one ended.
 * What became of those before is not known, only that none of them was enough.
 *
 * @param at when the event came, since the line does not tell when the delivery was made
 * @throws HookcliError `bad-event`
 */
export function readDelivery(value: unknown, at: Date): Delivery {
  const members = membersOf(value);
  const { attempts: count, ms: durationMs } = members;
  if (!Number.isInteger(count) || !(Number(count) >= 0 && Number(count) <= MOST_ATTEMPTS)) {
    throw refused('the "attempts" of a delivery are no number of them');
  }
  if (typeof durationMs !== 'number' || !(durationMs >= 0)) {
    throw refused('the "ms" of a delivery are no number');
  }
  const attempts = Array.from({ length: Number(count) }, (_, i): Attempt => {
    const isLast = i === Number(count) - 1;
    const outcome = isLast ? endOf(members) : UNTOLD;
    return { startedAt: at, durationMs: isLast ? durationMs : 0, outcome };
  });
  return { ...deliveryOf(members), attempts };
}

const UNTOLD: Outcome = {
  kind: 'failed',
  failure: 'aborted',
  message: 'What became of this attempt was not in the imported file.',
};

function endOf(members: Members): Outcome {
  if (members.failure === undefined) {
    return {
      kind: 'answered',
      status: statusOf(members.status),
      headers: [],
      body: Buffer.alloc(0),
    };
  }
  return { kind: 'failed', failure: failureOf(members.failure), message: '' };
}

export function membersOf(value: unknown): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw refused('a part of it is no JSON object');
}

/** Cause and endpoint. */
export function deliveryOf({ cause, endpoint }: Members): Omit<Delivery, 'attempts'> {
  const known = CAUSES.find((one) => one === cause);
  if (known === undefined) throw refused('the "cause" of a delivery is not known');
  // An endpoint may become the target of a replay.
  if (typeof endpoint !== 'string' || !isAddress(endpoint)) {
    throw refused('the "endpoint" of a delivery is no address');
  }
  return { cause: known, endpoint };
}

const isAddress = (text: string): boolean =>
  text.length <= LONGEST_ENDPOINT && /^https?:\/\/[^\s/?#]+\S*$/i.test(text) && URL.canParse(text);

export function failureOf(value: unknown): Failure {
  const known = FAILURES.find((one) => one === value);
  if (known === undefined) throw refused('the "failure" of a delivery is not known');
  return known;
}

export function statusOf(value: unknown): number {
  if (Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 999) return Number(value);
  throw refused('the status of an answer is no number of three digits');
}
