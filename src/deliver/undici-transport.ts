import { type Dispatcher, Pool } from 'undici';
import { timerMs } from '../core/clock.ts';
import { flatHeaders } from '../core/headers.ts';
import { LIMITS } from '../core/limits.ts';
import type { Header, Outcome } from '../core/types.ts';
import { lookupOf } from './loopback.ts';
import { changesProtocol, failedOutcome, type Transport, timedOut, tooLarge } from './transport.ts';

/** Kept-alive connections, one pool for each origin. */
export function undiciTransport(): Transport {
  const pools = new Map<string, Pool>();
  const poolFor = (origin: string): Pool => {
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections: LIMITS.connections,
        pipelining: 1,
        // The one clock of an exchange is ours; 0 switches undici's own off.
        headersTimeout: 0,
        bodyTimeout: 0,
        maxHeaderSize: LIMITS.answerHeadersBytes,
        connect: { timeout: 10_000, autoSelectFamily: true, ...lookupOf(new URL(origin).hostname) },
      });
      pools.set(origin, pool);
    }
    return pool;
  };
  return {
    exchange: (exchange) =>
      new Promise((resolve) => {
        const { endpoint, method, headers, body, timeoutMs } = exchange;
        poolFor(endpoint.origin).dispatch(
          {
            path: endpoint.path,
            method: method as Dispatcher.HttpMethod,
            headers: flatHeaders(headers),
            body: body.length === 0 ? null : body,
          },
          new Answer(timeoutMs, resolve),
        );
      }),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

/** Collects one answer; undici calls it back as the answer comes in. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #resolve: (outcome: Outcome) => void;
  readonly #chunks: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #abort: ((error?: Error) => void) | undefined;
  #isSettled = false;
  #length = 0;
  #status = 0;
  #headers: Header[] = [];

  constructor(timeoutMs: number, resolve: (outcome: Outcome) => void) {
    this.#resolve = resolve;
    if (timeoutMs > 0) {
      this.#timer = setTimeout(() => {
        this.#fail(timedOut(timeoutMs, this.#status > 0));
      }, timerMs(timeoutMs));
    }
  }

  onConnect(abort: (error?: Error) => void): void {
    // Given up while it waited for a connection: it must not go out after all.
    if (this.#isSettled) abort();
    this.#abort = abort;
  }

  onHeaders(status: number, raw: Buffer[]): boolean {
    if (status < 200) return true;
    this.#status = status;
    for (let i = 0; i + 1 < raw.length; i += 2) {
      this.#headers.push([
        (raw[i] as Buffer).toString('latin1'),
        (raw[i + 1] as Buffer).toString('latin1'),
      ]);
    }
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#length += chunk.length;
    if (this.#length > LIMITS.answerBytes) this.#fail(tooLarge('body', LIMITS.answerBytes));
    else this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    this.#settle({
      kind: 'answered',
      status: this.#status,
      headers: this.#headers,
      body: this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks),
    });
  }

  onError(error: Error): void {
    this.#settle(strangeAnswer(error) ?? failedOutcome(error, this.#status > 0));
  }

  #fail(outcome: Outcome): void {
    this.#settle(outcome);
    this.#abort?.();
  }

  #settle(outcome: Outcome): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#resolve(outcome);
  }
}

/** Answers that undici breaks off by itself, told apart only by its words (7.30, 2026-11). */
function strangeAnswer({ name, message }: Error): Outcome | undefined {
  if (message === 'bad upgrade') return changesProtocol;
  if (message === 'bad response') {
    return malformed('It answers with 100 Continue, which the request did not ask for.');
  }
  // Its parser's errors have lost their code; that of a connection which ended early is no such one.
  if (name === 'HTTPParserError' && !message.includes('EOF')) return malformed(message);
  return undefined;
}

const malformed = (message: string): Outcome => ({ kind: 'failed', failure: 'malformed', message });
