import http from 'node:http';
import net from 'node:net';
import { timerMs } from '../core/clock.ts';
import { systemCode } from '../core/errors.ts';
import { pairHeaders } from '../core/headers.ts';
import { LIMITS } from '../core/limits.ts';
import type { Outcome } from '../core/types.ts';
import { type Exchange, failedOutcome, type Transport, timedOut, tooLarge } from './transport.ts';

/** One connection for each exchange. */
export function nodeTransport(): Transport {
  return { exchange, close: async () => {} };
}

async function exchange(exchange: Exchange): Promise<Outcome> {
  const { endpoint, method, headers, body, timeoutMs } = exchange;
  const { protocol, hostname, port } = new URL(endpoint.origin);
  // TLS is loaded only for who needs it.
  const { request: open } = protocol === 'https:' ? await import('node:https') : http;
  const flat = headers.flat();
  if (body.length > 0 || !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method)) {
    flat.push('Content-Length', String(body.length));
  }
  flat.push('Connection', 'close');

  return new Promise((resolve) => {
    let answered = false;
    let timer: NodeJS.Timeout | undefined;
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      resolve(outcome);
      if (outcome.kind === 'failed') request.destroy();
    };
    const request = open({
      method,
      host: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: endpoint.path,
      // A flat list goes out as it stands, in order, case and duplicates kept.
      headers: flat,
      ...(hostname === 'localhost' && protocol === 'http:'
        ? { createConnection: (_options, done) => connectToLocalhost(Number(port || 80), done) }
        : { agent: false }),
    });
    if (timeoutMs > 0) {
      timer = setTimeout(() => settle(timedOut(timeoutMs, answered)), timerMs(timeoutMs));
    }
    request.on('error', (error) => settle(failedOutcome(error, answered)));
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      settle({ kind: 'failed', failure: 'malformed', message: 'The answer changes the protocol.' });
    });
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > LIMITS.answerBytes) settle(tooLarge(LIMITS.answerBytes));
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
    });
    request.end(body);
  });
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
