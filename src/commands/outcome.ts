import { EXIT, type ExitCode, HookcliError } from '../core/errors.ts';
import { LIMITS } from '../core/limits.ts';
import type { CapturedEvent, Delivery, Failure, Provider, RawRequest } from '../core/types.ts';
import {
  type Expectation,
  type Judgement,
  judge,
  lastAttempt,
  parseExpectation,
} from '../deliver/deliver.ts';
import type { JsonLines } from '../sinks/json.ts';
import { bodyJson, deliveryJson } from '../store/record.ts';
import { curlCommand } from '../terminal/curl.ts';
import { deliveryLine, eventLine } from '../terminal/event-line.ts';
import { safe } from '../terminal/safe.ts';
import { type Result, sendSummary, summaryJson } from '../terminal/summary.ts';
import { type CommandContext, jsonOf } from './context.ts';

// The endpoint gave no chance to judge its handler.
const UNDECIDED: readonly Failure[] = ['refused', 'unresolved', 'unreachable', 'tls', 'aborted'];

export interface Patience {
  /** By when the handler should have answered, in milliseconds; absent: nobody says. */
  readonly deadlineMs: number | undefined;
  /** When an attempt is given up, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * How long the handler may take: `--within` ends the attempt, while an answer behind the provider's
 * own deadline is waited for and shown as late.
 *
 * @throws HookcliError `bad-duration`
 */
export function patienceOf({ options }: CommandContext, provider: Provider | undefined): Patience {
  const withinMs = options.duration('within');
  if (withinMs === undefined) {
    const deadlineMs = provider?.deadlineMs;
    return { deadlineMs, timeoutMs: Math.max(LIMITS.forwardTimeoutMs, deadlineMs ?? 0) };
  }
  if (withinMs > 0) return { deadlineMs: withinMs, timeoutMs: withinMs };
  throw new HookcliError('bad-duration', '--within: nothing can answer in no time.', {
    hint: 'Write it like 500ms or 10s.',
  });
}

/** What one answer should be, and what is wrong with the one that came. */
export interface OwnExpectation {
  readonly expected: number;
  readonly fault?: string;
}

/** Prints deliveries as they end and judges them; for `send` and `replay`. */
export class OutcomePrinter {
  readonly #results: Result[] = [];
  readonly #context: CommandContext;
  readonly #lines: JsonLines | undefined;
  readonly #status: string;
  readonly #each: boolean;
  readonly #summary: boolean;

  /**
   * @param options.expect what the handler should answer when the user does not say
   * @param options.each whether every delivery has lines of its own
   * @param options.summary whether there is a word on all of them at the end
   */
  constructor(
    context: CommandContext,
    options: { readonly expect: string; readonly each: boolean; readonly summary: boolean },
  ) {
    this.#context = context;
    this.#lines = context.options.flag('json') ? jsonOf(context) : undefined;
    this.#status = parseExpectation(context.options.text('expect') ?? options.expect);
    this.#each = options.each;
    this.#summary = options.summary;
  }

  /**
   * @param more.own the expectation for this one alone, where more than its status is judged
   * @param more.lagMs how long after its time it went out, in milliseconds; the answer is as late
   */
  add(
    event: CapturedEvent,
    delivery: Delivery,
    deadlineMs: number | undefined,
    { own, lagMs = 0 }: { readonly own?: OwnExpectation; readonly lagMs?: number } = {},
  ): void {
    const expected = own === undefined ? this.#status : String(own.expected);
    const judgement = judgeWith(own, delivery, {
      status: expected,
      ...(deadlineMs === undefined ? {} : { withinMs: deadlineMs }),
    });
    this.#results.push({ judgement, delivery, lagMs });
    const { stdout } = this.#context;
    if (this.#lines !== undefined) {
      const { provider, type, eventId, handshake } = event;
      this.#lines.write({
        kind: 'delivery',
        provider,
        ...(type === undefined ? {} : { type }),
        ...(eventId === undefined ? {} : { eventId }),
        ...(handshake === undefined ? {} : { handshake }),
        ...deliveryJson(delivery),
        expected,
        ...(own?.fault === undefined ? {} : { fault: own.fault }),
        ok: judgement === 'as-expected',
      });
    } else if (this.#each) {
      const theme = this.#context.theme;
      const deadline = deadlineMs === undefined ? {} : { deadlineMs };
      stdout.write(`${eventLine(event, theme)}\n`);
      stdout.write(`${deliveryLine(event, delivery, theme, deadline)}\n`);
      if (judgement === 'other-status') {
        stdout.write(`          ${theme.bad(`expected ${expected}`)}\n`);
      } else if (judgement === 'other-answer') {
        stdout.write(`          ${theme.bad(safe(own?.fault ?? ''))}\n`);
      }
    }
  }

  /** Prints what there is to say of all, and gives the exit code. */
  finish(): ExitCode {
    const { stdout } = this.#context;
    if (this.#lines !== undefined) {
      this.#lines.write({ kind: 'summary', ...summaryJson(this.#results) });
    } else if (this.#summary) {
      stdout.write(`${sendSummary(this.#results, this.#context.theme)}\n`);
    }
    return exitCodeOf(this.#results);
  }
}

function judgeWith(
  own: OwnExpectation | undefined,
  delivery: Delivery,
  expected: Expectation,
): Judgement {
  const { outcome } = lastAttempt(delivery);
  if (own === undefined || outcome.kind === 'failed') return judge(delivery, expected);
  // Which statuses will do is in the fault.
  if (own.fault !== undefined) return 'other-answer';
  return judge(delivery, { ...expected, status: String(outcome.status) });
}

function exitCodeOf(results: readonly Result[]): ExitCode {
  const codes = results.map(({ judgement, delivery }) => exitOf(judgement, delivery));
  if (codes.includes(EXIT.failed)) return EXIT.failed;
  return codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

function exitOf(judgement: Judgement, delivery: Delivery): ExitCode {
  if (judgement === 'as-expected') return EXIT.ok;
  const { outcome } = lastAttempt(delivery);
  return outcome.kind === 'failed' && UNDECIDED.includes(outcome.failure)
    ? EXIT.undecided
    : EXIT.failed;
}

/** Prints requests instead of sending them: `--dry-run`, with `--json` or `--curl`. */
export function printRequests(context: CommandContext, requests: Iterable<RawRequest>): void {
  const lines = jsonOf(context);
  for (const request of requests) printRequest(context, request, lines);
}

function printRequest(context: CommandContext, request: RawRequest, lines: JsonLines): void {
  const { options, stdout } = context;
  const { method, url, body } = request;
  const headers = [...request.headers, ['Content-Length', String(body.length)] as const];
  if (options.flag('json')) {
    lines.write({ kind: 'request', method, url, headers, ...bodyJson(body) });
  } else if (options.flag('curl')) {
    stdout.write(`${curlCommand(request)}\n`);
  } else {
    const { pathname, search } = new URL(url);
    const head = headers.map(([name, value]) => `${name}: ${value}\n`).join('');
    stdout.write(`${method} ${pathname}${search} HTTP/1.1\n${head}\n`);
    stdout.write(body);
    stdout.write('\n');
  }
}
