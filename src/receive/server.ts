import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EXIT, HookcliError, systemCode } from '../core/errors.ts';
import { LIMITS } from '../core/limits.ts';
import type { Header, RawRequest } from '../core/types.ts';
import { capture, type Refusal, refuseHead } from './capture.ts';

export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

/** An answer of our own: a line of text, or nothing. */
export function plainAnswer(status: number, message = ''): Answer {
  const body = Buffer.from(message === '' ? '' : `${message}\n`, 'utf8');
  return {
    status,
    headers: message === '' ? [] : [['Content-Type', 'text/plain; charset=utf-8']],
    body,
  };
}

export interface ServerOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  readonly maxBodyBytes: number;
  /** Answers one whole request; what it throws is a bug and answered 500. */
  readonly handle: (request: RawRequest) => Promise<Answer>;
  readonly onTrouble: (error: unknown) => void;
}

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
  const { port } = main.address() as AddressInfo;
  const servers = [main];
  if (options.host === '127.0.0.1' || options.host === 'localhost') {
    const twin = await listen(options, '::1', port).catch((error: unknown) => {
      // Machines without IPv6, and a stranger on the same port of ::1, leave us with 127.0.0.1.
      if (error instanceof HookcliError) return undefined;
      throw error;
    });
    if (twin !== undefined) servers.push(twin);
  }
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    port,
    close: async () => void (await Promise.all(servers.map(drain))),
  };
}

function listen(options: ServerOptions, host: string, port: number): Promise<http.Server> {
  const server = http.createServer({
    headersTimeout: LIMITS.headersTimeoutMs,
    requestTimeout: LIMITS.requestTimeoutMs,
    keepAliveTimeout: LIMITS.keepAliveTimeoutMs,
    connectionsCheckingInterval: 1_000,
  });
  // Any bound on the number lets a flood of tiny headers hide Content-Length (CVE-2026-58044 on
  // Node 20); their size in bytes is bounded by Node.
  server.maxHeadersCount = 0;
  server.maxConnections = LIMITS.connections;
  server.maxRequestsPerSocket = LIMITS.requestsPerSocket;
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    answerRequest(options, request, response).catch(options.onTrouble);
  };
  server.on('request', onRequest);
  server.on('checkContinue', onRequest);
  server.on('checkExpectation', onRequest);
  server.on('connect', (_request, socket) => socket.destroy());
  server.on('upgrade', (_request, socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port)));
    server.listen({ host, port, ...(host === '::1' ? { ipv6Only: true } : {}) }, () => {
      server.removeAllListeners('error');
      // EMFILE and the like: accepting pauses and goes on by itself.
      server.on('error', options.onTrouble);
      resolve(server);
    });
  });
}

async function answerRequest(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { maxBodyBytes } = options;
  const refusal = refuseHead(request, maxBodyBytes);
  if (refusal !== undefined) return refuse(request, response, refusal);
  if (request.headers.expect !== undefined) response.writeContinue();
  let captured: RawRequest | Refusal;
  try {
    captured = await capture(request, maxBodyBytes);
  } catch {
    // The sender went away: there is nobody to answer and nothing whole to keep.
    return;
  }
  if ('status' in captured) return refuse(request, response, captured);
  let answer: Answer;
  try {
    answer = await options.handle(captured);
  } catch (error) {
    options.onTrouble(error);
    answer = plainAnswer(500, 'hookcli failed to handle this request.');
  }
  send(response, answer, request.method === 'HEAD');
}

function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  headOnly: boolean,
): void {
  if (response.destroyed) return;
  const flat = headers.flat();
  const bodiless = status === 204 || status === 304;
  if (!bodiless) flat.push('Content-Length', String(body.length));
  response.writeHead(status, flat);
  if (bodiless || headOnly) response.end();
  else response.end(body);
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, headers, body } = plainAnswer(refusal.status, refusal.message);
  const flat = [...headers.flat(), 'Content-Length', String(body.length), 'Connection', 'close'];
  response.writeHead(status, flat);
  response.write(body);
  // A sender that is cut off while it still writes sees a reset and never reads why. So what it has
  // under way is let run out unread, for a moment.
  const part = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(part, 1_000);
  request.once('close', part);
  request.once('end', part);
  request.resume();
}

function drain(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), LIMITS.drainMs);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
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
