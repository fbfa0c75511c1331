import net from 'node:net';
import { monotonicMs } from '../core/clock.ts';
import { EXIT, HookcliError } from '../core/errors.ts';
import { lookupOf } from './loopback.ts';
import { type Endpoint, endpointUrl } from './target.ts';

const PAUSE_MS = 100;

/**
 * Waits until something accepts connections at the endpoint.
 *
 * @param withinMs how long to wait at most, in milliseconds
 * @throws HookcliError `not-reachable`, exit code 3
 */
export async function waitForPort(endpoint: Endpoint, withinMs: number): Promise<void> {
  const { hostname, port, protocol } = new URL(endpoint.origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  const end = monotonicMs() + withinMs;
  for (;;) {
    if (await accepts(host, number, Math.max(end - monotonicMs(), PAUSE_MS))) return;
    const left = end - monotonicMs();
    if (left <= 0) break;
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, PAUSE_MS)));
  }
  throw new HookcliError(
    'not-reachable',
    `Nothing accepted connections at ${endpointUrl(endpoint)} within ${withinMs} ms.`,
    { hint: `Is your server running on port ${number}?`, exitCode: EXIT.undecided },
  );
}

/** Whether a connection can be made; a name with several addresses is tried with each. */
function accepts(host: string, port: number, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, autoSelectFamily: true, ...lookupOf(host) });
    const settle = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(withinMs, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
