import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { flatHeaders, headerValue, pairHeaders } from '../core/headers.ts';
import { LIMITS } from '../core/limits.ts';
import type { RawRequest } from '../core/types.ts';
import { type Answer, plainAnswer } from './answer.ts';
import { capture, type Refusal, Room, refuseHead } from './capture.ts';

export interface ReceptionOptions {
  readonly maxBodyBytes: number;
  /** Answers one whole request; what it throws is a bug and answered 500. */
  readonly handle: (request: RawRequest) => Promise<Answer>;
  readonly onTrouble: (error: unknown) => void;
}

/** Deals with the requests of one server. */
export class Reception {
  readonly #options: ReceptionOptions;
  readonly #server: Server;
  readonly #room: Room;
  readonly #refused = new WeakSet<Socket>();

  constructor(options: ReceptionOptions, server: Server) {
    this.#options = options;
    this.#server = server;
    this.#room = new Room(Math.max(LIMITS.bodiesInFlightBytes, options.maxBodyBytes));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // What comes behind a refused request on its connection gets no answer, so it must not count.
    if (this.#refused.has(request.socket)) return void request.resume();
    const { maxBodyBytes } = this.#options;
    // `request.headers` would make an object of them all, which nothing here needs.
    const headers = pairHeaders(request.rawHeaders);
    const refusal = refuseHead(request, headers, maxBodyBytes);
    if (refusal !== undefined) return this.#refuse(request, response, refusal);
    if (headerValue(headers, 'expect') !== undefined) response.writeContinue();
    let captured: RawRequest | Refusal;
    try {
      captured = await capture(request, headers, { maxBodyBytes, room: this.#room });
    } catch {
      // The sender went away: there is nobody to answer and nothing whole to keep.
      return;
    }
    if ('status' in captured) return this.#refuse(request, response, captured);
    let answer: Answer;
    try {
      answer = await this.#options.handle(captured);
    } catch (error) {
      this.#options.onTrouble(error);
      answer = plainAnswer(500, 'hookcli failed to handle this request.');
    }
    this.#room.giveBack(captured.body.length);
    // A connection that stayed open would hold up the end.
    if (!this.#server.listening) response.shouldKeepAlive = false;
    send(response, answer, request.method === 'HEAD');
  }

  #refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    this.#refused.add(request.socket);
    refuse(request, response, refusal);
  }
}

function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  headOnly: boolean,
): void {
  if (response.destroyed) return;
  const flat = flatHeaders(headers);
  const bodiless = status === 204 || status === 304;
  if (!bodiless) flat.push('Content-Length', String(body.length));
  response.writeHead(status, flat);
  if (bodiless || headOnly) response.end();
  else response.end(body);
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, headers, body } = plainAnswer(refusal.status, refusal.message);
  const flat = [
    ...flatHeaders(headers),
    'Content-Length',
    String(body.length),
    'Connection',
    'close',
  ];
  if (status === 503) flat.push('Retry-After', '1');
  response.writeHead(status, flat);
  response.write(body);
  // A sender that is cut off while it still writes sees a reset and never reads why. So what it has
  // under way is let run out unread, for a moment.
  const part = () => {
    clearTimeout(timer);
    response.end();
  };
  // Who asked first whether to send its body will not send it now.
  const timer = setTimeout(part, request.headers.expect === undefined ? 1_000 : 0);
  request.once('close', part);
  request.once('end', part);
  request.resume();
}
