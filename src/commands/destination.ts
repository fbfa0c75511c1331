import { type Endpoint, endpointOf, parseTarget } from '../deliver/target.ts';
import { type Listener, type RunningListener, runningListener } from '../store/listeners.ts';
import { type CommandContext, storeFolder } from './context.ts';

export const DEFAULT_LISTENER = 'http://127.0.0.1:4400';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export interface Destination {
  readonly endpoint: Endpoint;
  /** True when it is the running listener of this store, which records what it gets itself. */
  readonly isListener: boolean;
}

/** Whether an address is on this machine. */
export const isLoopback = (origin: string): boolean => LOOPBACK.test(new URL(origin).hostname);

export const listenerOf = (context: CommandContext): RunningListener | undefined =>
  runningListener(storeFolder(context));

/** Where `--to` leads, for a request that would otherwise go to this path. */
export function destinationOf(
  to: string,
  incomingPath: string,
  listener: Listener | undefined,
): Destination {
  const endpoint = endpointOf(parseTarget(to), incomingPath);
  const isListener =
    listener !== undefined &&
    isLoopback(endpoint.origin) &&
    new URL(listener.url).port === new URL(endpoint.origin).port;
  return { endpoint, isListener };
}
