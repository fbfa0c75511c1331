import http, { type IncomingMessage } from 'node:http';
import net from 'node:net';
import { timerMs } from '../core/clock.ts';
import { systemCode } from '../core/errors.ts';
import { flatHeaders, pairHeaders } from '../core/headers.ts';
import { LIMITS } from '../core/limits.ts';
import type { Outcome } from '../core/types.ts';
import {
  changesProtocol,
  type Exchange,
  failedOutcome,
  givenUp,
  type Transport,
  timedOut,
  tooLarge,
} from './transport.ts';

type Settle = (outcome: Outcome) => void;

/** One connection for each exchange. */
export function nodeTransport(): Transport {
  const running = new Set<Settle>();
  return {
    async exchange(exchange) {
      // TLS is loaded only for who needs it.
      const isSecure = exchange.endpoint.origin.startsWith('https:');
      const { request: open } = isSecure ? await import('node:https') : http;
      return new Promise((resolve) => {
        const request = open(optionsOf(exchange));
        const settle: Settle = (outcome) => {
          running.delete(settle);
          resolve(outcome);
          // Also after an answer: it may have come before the request was read to its end.
          request.destroy();
        };
        running.add(settle);
        carry(request, exchange, settle);
      });
    },
    async close() {
      for (const settle of running) settle(givenUp);
    },
  };
}

function optionsOf({ endpoint, method, headers, body }: Exchange): http.RequestOptions {
  const { protocol, hostname, port } = new URL(endpoint.origin);
  const flat = flatHeaders(headers);
  if (body.length > 0 || !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method)) {
    flat.push('Content-Length', String(body.length));
  }
  flat.push('Connection', 'close');
  return {
    method,
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    path: endpoint.path,
    // A flat list goes out as it stands, in order, case and duplicates kept.
    headers: flat,
    maxHeaderSize: LIMITS.answerHeadersBytes,
    ...(hostname === 'localhost' && protocol === 'http:'
      ? { createConnection: (_options, done) => connectToLocalhost(Number(port || 80), done) }
      : { agent: false }),
  };
}

function carry(
  request: http.ClientRequest,
  { body, timeoutMs }: Exchange,
  settleNow: Settle,
): void {
  let response: IncomingMessage | undefined;
  let timer: NodeJS.Timeout | undefined;
  const settle: Settle = (outcome) => {
    clearTimeout(timer);
    settleNow(outcome);
  };
  if (timeoutMs > 0) {
    const late = () => settle(timedOut(timeoutMs, response !== undefined));
    timer = setTimeout(late, timerMs(timeoutMs));
  }
  // Any bound on the number would leave out headers without a word.
  request.maxHeadersCount = 0;
  request.on('error', (error) => {
    // What follows a whole answer, such as a body behind a 204, is none of it; its end comes yet.
    if (!response?.complete) settle(failedOutcome(error, response !== undefined));
  });
  request.on('upgrade', (_response, socket) => {
    socket.destroy();
    settle(changesProtocol);
  });
  request.on('response', (head) => {
    response = head;
    collect(head, settle);
  });
  request.end(body);
}

function collect(response: IncomingMessage, settle: Settle): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > LIMITS.answerBytes) settle(tooLarge('body', LIMITS.answerBytes));
    else chunks.push(chunk);
  });
  response.on('error', (error) => settle(failedOutcome(error, true)));
  response.on('end', () =>
    settle({
      kind: 'answered',
      status: response.statusCode ?? 0,
      headers: pairHeaders(response.rawHeaders),
      body: Buffer.concat(chunks),
    }),
  );
}

/**
 * Connects to `localhost` on the address that has a listener, 127.0.0.1 or else ::1. Node would do the
 * same by way of the resolver, which costs a cold start a fifth of its time.
 */
function connectToLocalhost(
  port: number,
  done: (error: Error | null, socket: net.Socket) => void,
): undefined {
  const first = net.connect({ host: '127.0.0.1', port });
  first.once('connect', () => done(null, first));
  first.once('error', (error) => {
    if (systemCode(error) !== 'ECONNREFUSED') return done(error, first);
    const second = net.connect({ host: '::1', port });
    second.once('connect', () => done(null, second));
    // Where there is no IPv6, what the first address said is what matters.
    second.once('error', () => done(error, second));
  });
  return undefined;
}
