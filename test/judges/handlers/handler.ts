import http, { type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a handler was called with. */
export interface Heard {
  /** The name it was registered for. */
  readonly event: string;
  /** The event's id, where the SDK tells it beside the body. */
  readonly id?: string;
  readonly body: unknown;
}

/** A provider's official way to receive events, with one handler registered for each event. */
export interface OfficialHandler {
  readonly provider: string;
  /** The part of the SDK that receives. */
  readonly receives: string;
  /** Its packages on npm. */
  readonly packages: readonly string[];
  /** What it answers to a false signature. */
  readonly refusal: number;
  /**
   * Serves on a free port of 127.0.0.1.
   *
   * @param events the names to register handlers for
   */
  serve(options: {
    readonly secret: string;
    readonly events: readonly string[];
    readonly hear: (heard: Heard) => void;
  }): Promise<Server>;
}

/** Starts a server for the listener and waits until it listens. */
export async function listening(listener: RequestListener): Promise<Server> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export const originOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
