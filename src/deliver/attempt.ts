import { monotonicMs } from '../core/clock.ts';
import { endToEnd, withHeader } from '../core/headers.ts';
import type { Attempt, Outcome, RawRequest } from '../core/types.ts';
import { type Endpoint, hostOf } from './target.ts';
import type { Transport } from './transport.ts';

/** Starts the transport for what stays up or sends many. */
export async function openPool(): Promise<Transport> {
  const { undiciTransport } = await import('./undici-transport.ts');
  return undiciTransport();
}

/** Starts the transport for a single delivery. */
export async function openSingle(): Promise<Transport> {
  const { nodeTransport } = await import('./node-transport.ts');
  return nodeTransport();
}

/**
 * Sends the request to the endpoint once.
 *
 * @param timeoutMs for the whole exchange, in milliseconds; 0 waits for ever
 */
export async function attempt(
  transport: Transport,
  request: RawRequest,
  endpoint: Endpoint,
  timeoutMs: number,
): Promise<Attempt> {
  const startedAt = new Date();
  const start = monotonicMs();
  const headers = withHeader(endToEnd(request.headers), 'Host', hostOf(endpoint));
  const { method, body } = request;
  let outcome: Outcome;
  try {
    outcome = await transport.exchange({ endpoint, method, headers, body, timeoutMs });
  } catch (error) {
    // A header or path that cannot be put on the wire at all, say from an imported file.
    const message = error instanceof Error ? error.message : String(error);
    outcome = { kind: 'failed', failure: 'aborted', message };
  }
  // To the microsecond: the digits behind it mean nothing, and take long to write and to read.
  const durationMs = Math.round((monotonicMs() - start) * 1_000) / 1_000;
  return { startedAt, durationMs, outcome };
}
