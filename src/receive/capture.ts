import type { IncomingMessage } from 'node:http';
import { headerValues, pairHeaders } from '../core/headers.ts';
import type { RawRequest } from '../core/types.ts';

/** A request that is not worth capturing, and what its sender is told. */
export interface Refusal {
  readonly status: 400 | 405 | 413 | 417;
  readonly message: string;
}

/** Judges a request by its head, before its body is asked for. */
export function refuseHead(request: IncomingMessage, maxBodyBytes: number): Refusal | undefined {
  const headers = pairHeaders(request.rawHeaders);
  // Two hosts, or two lengths, are how one request is made to look like two to the next server.
  if (headerValues(headers, 'host').length > 1) {
    return { status: 400, message: 'The Host header is there more than once.' };
  }
  if (request.method === 'TRACE') return { status: 405, message: 'TRACE is not answered.' };
  const [expect] = headerValues(headers, 'expect');
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    return { status: 417, message: `Expect: only 100-continue is understood.` };
  }
  const declared = Number(headerValues(headers, 'content-length')[0] ?? 0);
  return declared > maxBodyBytes ? tooLarge(maxBodyBytes) : undefined;
}

const tooLarge = (maxBodyBytes: number): Refusal => ({
  status: 413,
  message: `The body is longer than ${maxBodyBytes} bytes (--max-body).`,
});

/**
 * The one reader of bodies: the request as it was on the wire, or a refusal as soon as the body has
 * grown past its limit. Rejects when the sender goes away in the middle.
 */
export function capture(
  request: IncomingMessage,
  maxBodyBytes: number,
): Promise<RawRequest | Refusal> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBodyBytes) chunks.push(chunk);
      else resolve(tooLarge(maxBodyBytes));
    });
    request.on('end', () =>
      resolve({
        method: request.method ?? 'GET',
        url: request.url ?? '/',
        headers: pairHeaders(request.rawHeaders),
        body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks),
      }),
    );
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete)
        reject(new Error('The sender went away before its request was whole.'));
    });
  });
}
