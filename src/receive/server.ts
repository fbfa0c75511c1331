import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { EXIT, HookcliError, systemCode } from '../core/errors.ts';
import { LIMITS } from '../core/limits.ts';
import { Reception, type ReceptionOptions } from './reception.ts';

export interface ServerOptions extends ReceptionOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  readonly patience?: Partial<Patience>;
}

/** How long others are waited for, in milliseconds. */
export interface Patience {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly drainMs: number;
}

const PATIENCE: Patience = {
  headersMs: LIMITS.headersTimeoutMs,
  requestMs: LIMITS.requestTimeoutMs,
  drainMs: LIMITS.drainMs,
};

export interface RunningServer {
  /** `http://127.0.0.1:4400` */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets what is in flight finish for a while, then cuts it off. */
  close(): Promise<void>;
}

/**
 * Starts the receiver. On the loopback address it listens on 127.0.0.1 and on ::1 where there is one.
 *
 * @throws HookcliError `port-in-use` or `cannot-listen`, exit code 4
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const main = await listen(options, options.host, options.port);
  const { port } = main.server.address() as AddressInfo;
  const listeners = [main];
  if (options.host === '127.0.0.1' || options.host === 'localhost') {
    const twin = await listen(options, '::1', port).catch((error: unknown) => {
      // Machines without IPv6, and a stranger on the same port of ::1, leave us with 127.0.0.1.
      if (error instanceof HookcliError) return undefined;
      throw error;
    });
    if (twin !== undefined) listeners.push(twin);
  }
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    port,
    close: async () => {
      const { drainMs } = { ...PATIENCE, ...options.patience };
      await Promise.all(listeners.map((listener) => drain(listener, drainMs)));
    },
  };
}

interface Listener {
  readonly server: http.Server;
  readonly sockets: ReadonlySet<Socket>;
}

function listen(options: ServerOptions, host: string, port: number): Promise<Listener> {
  const { headersMs, requestMs } = { ...PATIENCE, ...options.patience };
  const server = http.createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: LIMITS.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, headersMs),
    // Node would refuse it too, but go on with what follows on the connection.
    requireHostHeader: false,
  });
  // Any bound on the number lets a flood of tiny headers hide Content-Length (CVE-2026-58044 on
  // Node 20); their size in bytes is bounded by Node.
  server.maxHeadersCount = 0;
  server.maxConnections = LIMITS.connections;
  server.maxRequestsPerSocket = LIMITS.requestsPerSocket;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const reception = new Reception(options, server);
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    reception.answer(request, response).catch((error: unknown) => {
      options.onTrouble(error);
      response.destroy();
    });
  };
  server.on('request', onRequest);
  server.on('checkContinue', onRequest);
  server.on('checkExpectation', onRequest);
  server.on('connect', refuseConnect);
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port)));
    server.listen({ host, port, ...(host === '::1' ? { ipv6Only: true } : {}) }, () => {
      server.removeAllListeners('error');
      // EMFILE and the like: accepting pauses and goes on by itself.
      server.on('error', options.onTrouble);
      resolve({ server, sockets });
    });
  });
}

/** Node hands over the bare connection, on which there is no answer but one of our own making. */
function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const head = ['HTTP/1.1 405 Method Not Allowed', 'Content-Length: 0', 'Connection: close'];
  socket.end(`${head.join('\r\n')}\r\n\r\n`, () => socket.destroy());
}

function drain({ server, sockets }: Listener, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
    // To Node a connection on which nothing came yet is busy; browsers keep some in reserve.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  });
}

function cannotListen(error: unknown, host: string, port: number): HookcliError {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') {
    return new HookcliError('port-in-use', `Port ${port} on ${host} is in use.`, {
      hint: `Stop what uses it (perhaps another hookcli listen), or choose another: --port ${port + 1}, or --port 0 for any free one.`,
      exitCode: EXIT.environment,
      cause: error,
    });
  }
  const why = error instanceof Error ? error.message : String(error);
  return new HookcliError('cannot-listen', `Cannot listen on ${host}, port ${port}: ${why}`, {
    hint:
      code === 'EACCES'
        ? 'Ports below 1024 need special rights; choose another with --port.'
        : 'Check --host: it must be an address of this machine.',
    exitCode: EXIT.environment,
    cause: error,
  });
}
