import { once } from 'node:events';
import http, { type RequestListener, type Server } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { pairHeaders } from '../../src/core/headers.ts';
import type { RawRequest } from '../../src/core/types.ts';

/** `afterAll` or `onTestFinished` of vitest. */
export type AtEnd = (work: () => Promise<void>) => void;

export interface Recorder {
  readonly url: string;
  readonly port: number;
  /** What came, as it was on the wire. */
  readonly seen: RawRequest[];
  readonly server: Server;
}

export interface RecorderOptions {
  readonly host?: string;
  /** Answers a request whose body was read; 200 and nothing else by default. */
  readonly answer?: RequestListener;
  /** 0, the default, takes any free one. */
  readonly port?: number;
}

/** A handler that keeps every request it gets, header by header and byte by byte. */
export async function startRecorder(
  atEnd: AtEnd,
  { host = '127.0.0.1', port = 0, answer = (_, response) => response.end() }: RecorderOptions = {},
): Promise<Recorder> {
  const seen: RawRequest[] = [];
  const server = http.createServer({ maxHeaderSize: 64 * 1_024 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: pairHeaders(request.rawHeaders),
        body: Buffer.concat(chunks),
      });
      answer(request, response);
    });
  });
  server.maxHeadersCount = 0;
  server.listen({ port, host, ...(host === '::1' ? { ipv6Only: true } : {}) });
  await once(server, 'listening');
  atEnd(() => stop(server));
  const { port: taken } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${taken}`, port: taken, seen, server };
}

export async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

export interface RawServer {
  readonly port: number;
  /** How many connections are open at this moment. */
  open(): number;
  /** Resolves as soon as none is open. */
  idle(): Promise<void>;
  /** How many were ever made. */
  readonly made: { count: number };
}

/** A server that knows no HTTP: it does with each connection what the test says. */
export async function startRaw(
  onConnection: (socket: Socket) => void,
  atEnd: AtEnd,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const made = { count: 0 };
  let whenIdle = () => {};
  const server = net.createServer((socket) => {
    sockets.add(socket);
    made.count++;
    socket.on('error', () => {
      // The other side may leave in the middle; that is what is tested.
    });
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) whenIdle();
    });
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return {
    port: (server.address() as AddressInfo).port,
    made,
    open: () => sockets.size,
    idle: () =>
      new Promise((resolve) => {
        if (sockets.size === 0) resolve();
        else whenIdle = resolve;
      }),
  };
}

/** A free port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Something to wait for until the test opens it. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

export interface TalkOptions {
  readonly host?: string;
  /** Ends our side after the last piece. */
  readonly end?: boolean;
  /** Stops reading and leaves as soon as what came looks like this. */
  readonly until?: (text: string) => boolean;
}

/** Writes pieces to a port, a turn of the event loop apart, and reads until the other side closes. */
export async function talk(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { host = '127.0.0.1', end = false, until }: TalkOptions = {},
): Promise<string> {
  const socket = net.connect({ port, host, noDelay: true });
  let text = '';
  const over = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (until?.(text)) socket.destroy();
    });
    socket.on('error', () => {
      // A reset ends the conversation as well.
    });
    socket.on('close', () => resolve());
  });
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), over]);
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    await nextTurn();
  }
  if (end) socket.end();
  await over;
  return text;
}

/** The status codes of the answers in a conversation, in order. */
export const statuses = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));

/** Whether the last answer of a conversation, which must have a Content-Length, is whole. */
export function isAnswered(text: string): boolean {
  const head = text.lastIndexOf('HTTP/1.1 ');
  const end = text.indexOf('\r\n\r\n', head);
  if (head === -1 || end === -1) return false;
  const length = /content-length: (\d+)/i.exec(text.slice(head, end))?.[1];
  return length !== undefined && text.length - end - 4 >= Number(length);
}
