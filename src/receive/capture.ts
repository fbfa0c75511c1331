import type { IncomingMessage } from 'node:http';
import type { Header, RawRequest } from '../core/types.ts';

/** A request that is not worth capturing, and what its sender is told. */
export interface Refusal {
  readonly status: 400 | 405 | 413 | 417 | 503;
  readonly message: string;
}

/** Memory that all bodies in flight share: many senders at once must not use up the machine. */
export class Room {
  #left: number;

  /** @param bytes for all of them together */
  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** False when there is not that much left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

/** Judges a request by its head, before its body is asked for. */
export function refuseHead(
  { method, httpVersion }: IncomingMessage,
  headers: readonly Header[],
  maxBodyBytes: number,
): Refusal | undefined {
  if (method === 'TRACE') return { status: 405, message: 'TRACE is not answered.' };
  let hosts = 0;
  for (const [name, value] of headers) {
    switch (name.toLowerCase()) {
      case 'host':
        hosts++;
        break;
      case 'content-length':
        if (Number(value) > maxBodyBytes) return tooLarge(maxBodyBytes);
        break;
      case 'expect':
        if (value.toLowerCase() === '100-continue') break;
        return { status: 417, message: 'Expect: only 100-continue is understood.' };
      case 'upgrade':
        // A client that would like HTTP/2 may offer it so and go on in HTTP/1.1.
        if (value.toLowerCase() === 'h2c') break;
        return { status: 400, message: 'Only HTTP is spoken here; Upgrade is refused.' };
    }
  }
  // Two hosts are how one request is made to look like two to the next server.
  if (hosts > 1) return { status: 400, message: 'The Host header is there more than once.' };
  if (hosts === 0 && httpVersion !== '1.0') {
    return { status: 400, message: 'The Host header is missing.' };
  }
  return undefined;
}

const tooLarge = (maxBodyBytes: number): Refusal => ({
  status: 413,
  message: `The body is longer than ${maxBodyBytes} bytes (--max-body).`,
});

const noRoom: Refusal = { status: 503, message: 'Too many bodies are in flight; try again.' };

/**
 * The one reader of bodies: the request as it was on the wire, or a refusal as soon as the body has
 * grown past its limit. Rejects when the sender goes away in the middle.
 *
 * @param room from which the body of a whole request is taken; to be given back when it is done with
 */
export function capture(
  request: IncomingMessage,
  headers: readonly Header[],
  { maxBodyBytes, room }: { readonly maxBodyBytes: number; readonly room: Room },
): Promise<RawRequest | Refusal> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    let isOver = false;
    const drop = () => {
      isOver = true;
      room.giveBack(length);
      chunks = [];
    };
    const refuse = (refusal: Refusal) => {
      drop();
      resolve(refusal);
    };
    request.on('data', (chunk: Buffer) => {
      if (isOver) return;
      if (length + chunk.length > maxBodyBytes) return refuse(tooLarge(maxBodyBytes));
      if (!room.take(chunk.length)) return refuse(noRoom);
      length += chunk.length;
      chunks.push(chunk);
    });
    request.on('end', () => {
      if (isOver) return;
      isOver = true;
      resolve({
        method: request.method ?? 'GET',
        url: request.url ?? '/',
        headers,
        body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks),
      });
    });
    const leave = () => {
      if (isOver) return;
      drop();
      reject(new Error('The sender left before its request was whole.'));
    };
    request.on('error', leave);
    request.on('close', leave);
  });
}
