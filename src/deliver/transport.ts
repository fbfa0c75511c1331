import { systemCode } from '../core/errors.ts';
import type { Failure, Header, Outcome } from '../core/types.ts';
import type { Endpoint } from './target.ts';

/** What goes to an endpoint: framed by the transport, everything else exactly as given. */
export interface Exchange {
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
  /** The whole exchange may take this long, in milliseconds; 0 waits for ever. */
  readonly timeoutMs: number;
}

/**
 * Carries one exchange and settles exactly once, always with an outcome. No redirects, no proxy from
 * the environment, nothing decoded. `node:http` starts fast and suits a single request; undici's
 * pool costs a load but half the time an exchange.
 */
export interface Transport {
  exchange(exchange: Exchange): Promise<Outcome>;
  close(): Promise<void>;
}

const FAILURES: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_HEADERS_OVERFLOW: 'malformed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'incomplete',
};

/**
 * The outcome of an exchange that broke.
 *
 * @param answered whether the head of an answer had arrived by then
 */
export function failedOutcome(error: unknown, answered: boolean): Outcome {
  // A name with several addresses fails with one error for each of them.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const code = systemCode(first) ?? '';
  let failure = FAILURES[code];
  if (code.startsWith('HPE_')) failure = 'malformed';
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code))
    failure = 'tls';
  if (answered && (failure === undefined || failure === 'reset')) failure = 'incomplete';
  const message = first instanceof Error ? first.message : String(first);
  return {
    kind: 'failed',
    failure: failure ?? 'reset',
    message: code === '' || message.includes(code) ? message : `${message} (${code})`,
  };
}

export const timedOut = (timeoutMs: number, answered: boolean): Outcome => ({
  kind: 'failed',
  failure: 'timeout',
  message: answered
    ? `The answer began but was not complete after ${timeoutMs} ms.`
    : `No answer within ${timeoutMs} ms.`,
});

export const tooLarge = (bytes: number): Outcome => ({
  kind: 'failed',
  failure: 'too-large',
  message: `The answer is longer than ${bytes} bytes.`,
});
