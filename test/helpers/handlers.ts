import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNodeMiddleware, Webhooks } from '@octokit/webhooks';
import express, { type Express, type Request, type Response } from 'express';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

/** A developer's own handler, running. */
export interface Handler {
  readonly url: string;
  readonly port: number;
  /** Ids of the events it took, in order. */
  readonly accepted: string[];
  /** How many it refused. */
  refused: number;
}

type AtEnd = (work: () => Promise<void>) => void;

/** Serves on a free port of 127.0.0.1 until the tests end. */
export async function serve(listener: RequestListener, atEnd: AtEnd): Promise<Handler> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, accepted: [], refused: 0 };
}

/** Answers as told, and keeps what came. */
export async function serveAnswers(
  answer: (request: SeenRequest, response: ServerResponse) => unknown,
  atEnd: AtEnd,
): Promise<Handler & { readonly seen: SeenRequest[] }> {
  const seen: SeenRequest[] = [];
  const handler = await serve(async (request, response) => {
    const one = await read(request);
    seen.push(one);
    await answer(one, response);
  }, atEnd);
  return Object.assign(handler, { seen });
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers, rawHeaders } = request;
  return { method, url, headers, rawHeaders, body: Buffer.concat(chunks) };
}

/** A handler on Express, as each provider's documentation shows it, with the provider's own library. */
type Build = (app: Express, secret: string, handler: () => Handler) => void;

const HANDLERS = {
  stripe(app, secret, handler) {
    const stripe = new Stripe('sk_test_never_sent');
    app.use(express.raw({ type: '*/*' }), (request: Request, response: Response) => {
      const signature = request.headers['stripe-signature'] as string;
      judge(response, handler(), () =>
        // Thin events have a method of their own.
        request.body.includes('"v2.core.event"')
          ? stripe.parseEventNotification(request.body, signature, secret).id
          : stripe.webhooks.constructEvent(request.body, signature, secret).id,
      );
    });
  },
  github(app, secret, handler) {
    const webhooks = new Webhooks({ secret });
    webhooks.onAny(({ id }) => void handler().accepted.push(id));
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const middleware = createNodeMiddleware(webhooks, { path: '/webhook/github', log: silent });
    app.use((request, response, next) => {
      response.on('finish', () => {
        if (response.statusCode >= 400) handler().refused++;
      });
      middleware(request, response, next).catch(next);
    });
  },
  'standard-webhooks'(app, secret, handler) {
    const webhook = new Webhook(secret);
    app.use(express.raw({ type: '*/*' }), (request: Request, response: Response) => {
      judge(response, handler(), () => {
        webhook.verify(request.body, request.headers as Record<string, string>);
        return request.headers['webhook-id'] as string;
      });
    });
  },
} satisfies Record<string, Build>;

export type JudgedProvider = keyof typeof HANDLERS;

function judge(response: Response, handler: Handler, verified: () => string): void {
  try {
    handler.accepted.push(verified());
    response.json({ received: true });
  } catch (error) {
    handler.refused++;
    response.status(400).send(`Webhook Error: ${(error as Error).message}`);
  }
}

/** Starts the handler that a developer of this provider would write. */
export async function serveJudge(
  provider: JudgedProvider,
  secret: string,
  atEnd: AtEnd,
): Promise<Handler> {
  const app = express();
  const handler: Handler = await serve(app, atEnd);
  HANDLERS[provider](app, secret, () => handler);
  return handler;
}
