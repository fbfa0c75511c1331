import http from 'node:http';
import https from 'node:https';
import { pairHeaders } from '../core/headers.ts';
import { LIMITS } from '../core/limits.ts';
import type { Outcome } from '../core/types.ts';
import { type Exchange, failedOutcome, type Transport, timedOut, tooLarge } from './attempt.ts';

/** One connection for each exchange. */
export function nodeTransport(): Transport {
  return { exchange, close: async () => {} };
}

function exchange({ endpoint, method, headers, body, timeoutMs }: Exchange): Promise<Outcome> {
  const { protocol, hostname, port } = new URL(endpoint.origin);
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
    const { request: open } = protocol === 'https:' ? https : http;
    const request = open({
      method,
      host: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: endpoint.path,
      // A flat list goes out as it stands, in order, case and duplicates kept.
      headers: flat,
      agent: false,
    });
    if (timeoutMs > 0) {
      timer = setTimeout(() => settle(timedOut(timeoutMs, answered)), timeoutMs);
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
