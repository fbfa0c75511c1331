import { systemCode } from '../core/errors.ts';
import { formatSize, LIMITS } from '../core/limits.ts';
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
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'incomplete',
  // The request never left: too many open files here, or nothing HTTP can say.
  EMFILE: 'aborted',
  ENFILE: 'aborted',
  UND_ERR_INVALID_ARG: 'aborted',
  UND_ERR_NOT_SUPPORTED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
};

const HEADERS_OVERFLOW = new Set(['HPE_HEADER_OVERFLOW', 'UND_ERR_HEADERS_OVERFLOW']);

/**
 * The outcome of an exchange that broke.
 *
 * @param answered whether the head of an answer had arrived by then
 */
export function failedOutcome(error: unknown, answered: boolean): Outcome {
  const first = mostTelling(error);
  const code = systemCode(first) ?? '';
  if (HEADERS_OVERFLOW.has(code)) return tooLarge('headers', LIMITS.answerHeadersBytes);
  let failure = FAILURES[code];
  if (code.startsWith('HPE_')) failure = 'malformed';
  // The parsers say this when the connection ends before the last chunk.
  if (code === 'HPE_INVALID_EOF_STATE') failure = 'reset';
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

/** A name with several addresses fails with one error for each; a refusal says most. */
function mostTelling(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  const errors: unknown[] = error.errors;
  return errors.find((one) => systemCode(one) === 'ECONNREFUSED') ?? errors[0] ?? error;
}

export const timedOut = (timeoutMs: number, answered: boolean): Outcome => ({
  kind: 'failed',
  failure: 'timeout',
  message: answered
    ? `The answer began but was not complete after ${timeoutMs} ms.`
    : `No answer within ${timeoutMs} ms.`,
});

/** @param bytes how long that part may be */
export const tooLarge = (part: 'body' | 'headers', bytes: number): Outcome => ({
  kind: 'failed',
  failure: 'too-large',
  message: `The answer has ${part === 'body' ? 'a body' : 'headers'} longer than ${formatSize(bytes)}.`,
});

export const changesProtocol: Outcome = {
  kind: 'failed',
  failure: 'malformed',
  message: 'It answers with 101 and another protocol, which the request did not ask for.',
};

export const givenUp: Outcome = {
  kind: 'failed',
  failure: 'aborted',
  message: 'It was given up because hookcli stops.',
};
