import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EXIT } from '../core/errors.ts';
import { systemRandom } from '../core/ids.ts';
import { LIMITS } from '../core/limits.ts';
import type { Provider, RawRequest, Sink } from '../core/types.ts';
import { openPool } from '../deliver/attempt.ts';
import { deliver, lastAttempt } from '../deliver/deliver.ts';
import { prepare } from '../deliver/prepare.ts';
import { resign } from '../deliver/resign.ts';
import type { Spoil } from '../deliver/spoil.ts';
import { endpointOf, parseTarget } from '../deliver/target.ts';
import type { Transport } from '../deliver/transport.ts';
import { readFixture } from '../fixtures/read.ts';
import { getProvider, providers } from '../providers/index.ts';
import { plainAnswer } from '../receive/answer.ts';
import { Duplicates } from '../receive/duplicates.ts';
import { receive } from '../receive/receive.ts';
import { type RunningServer, startServer } from '../receive/server.ts';
import { jsonSink } from '../sinks/json.ts';
import { prettySink } from '../sinks/pretty.ts';
import { openStore, type Store } from '../store/store.ts';
import { eventTable } from '../terminal/event-table.ts';
import { identify } from '../verify/identify.ts';
import { verifyRequest } from '../verify/verify.ts';
import type { CommandContext, RunCommand } from './context.ts';

/** Everything real: a handler with its own secrets, the receiver, a store in a temporary folder. */
export const run: RunCommand = async (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hookcli-demo-'));
  const store = openStore(folder);
  const transport = await openPool();
  const secrets = new Map(
    providers.map((provider) => [provider.id, provider.secret.generate(systemRandom)]),
  );
  const servers: RunningServer[] = [];
  try {
    const handler = await startHandler(secrets);
    servers.push(handler);
    const listener = await startListener(context, { store, transport, secrets, to: handler.url });
    servers.push(listener);
    const demo = new Demo(context, { listener, transport, secrets });

    demo.say(`A handler runs at ${handler.url} and checks signatures with its own secret.`);
    demo.say(`hookcli listens at ${listener.url}, verifies, records and forwards to it.\n`);

    demo.say('Stripe and GitHub events, signed as the providers sign them:');
    await demo.send('stripe', 'payment_intent.succeeded');
    await demo.send('stripe', 'invoice.paid');
    await demo.send('github', 'pull_request.opened');

    demo.say('\nA forged one, which the handler must refuse:');
    await demo.send('stripe', 'charge.refunded', 'signature');

    demo.say('\nThe first event again, freshly signed (hookcli replay --resign):');
    await demo.replayOldest(store);

    const recorded = [...store.newest()];
    if (!context.options.flag('json')) {
      const { stdout } = context;
      const theme = context.theme;
      demo.say('\nWhat was recorded (hookcli list):');
      stdout.write(
        `${await eventTable(recorded, theme, { width: stdout.columns, now: new Date() })}\n`,
      );
    }
    demo.say(NEXT);
    return demo.asExpected && recorded.length === 5 ? EXIT.ok : EXIT.failed;
  } finally {
    for (const server of servers.reverse()) await server.close();
    await Promise.all([transport.close(), store.close()]);
    fs.rmSync(folder, { recursive: true, force: true });
  }
};

const NEXT = `
Next, with your own handler on port 3000:
  hookcli listen --forward localhost:3000
  export STRIPE_WEBHOOK_SECRET=$(hookcli secret stripe)
  hookcli send stripe payment_intent.succeeded
  hookcli replay last --resign
  hookcli list`;

type Secrets = ReadonlyMap<string, string>;

/** A handler as a developer would write it, on the same verifying code. */
function startHandler(secrets: Secrets): Promise<RunningServer> {
  return startServer({
    port: 0,
    host: '127.0.0.1',
    maxBodyBytes: LIMITS.bodyBytes,
    onTrouble: (error) => {
      throw error;
    },
    async handle(request: RawRequest) {
      const provider = identify(request);
      const secret = provider && secrets.get(provider.id);
      if (provider === undefined || secret === undefined) return plainAnswer(404);
      const verdict = await verifyRequest(request, provider, { secrets: [secret], at: new Date() });
      return verdict.status === 'verified'
        ? plainAnswer(200, 'thank you')
        : plainAnswer(400, 'invalid signature');
    },
  });
}

interface ListenerParts {
  readonly store: Store;
  readonly transport: Transport;
  readonly secrets: Secrets;
  readonly to: string;
}

function startListener(context: CommandContext, parts: ListenerParts): Promise<RunningServer> {
  const { store, transport, secrets, to } = parts;
  const target = parseTarget(to);
  const duplicates = new Duplicates();
  const emit = sinkOf(context);
  return startServer({
    port: 0,
    host: '127.0.0.1',
    maxBodyBytes: LIMITS.bodyBytes,
    onTrouble: (error) => {
      throw error;
    },
    handle: (request) =>
      receive(request, {
        store,
        identify,
        secretsOf: async ({ id }) => ({ secrets: [secrets.get(id) ?? ''], origin: 'this demo' }),
        duplicates,
        wanted: () => true,
        endpointsFor: (event) => [endpointOf(target, event.request.url)],
        transport,
        timeoutMs: LIMITS.forwardTimeoutMs,
        reject: false,
        emit,
      }),
  });
}

function sinkOf(context: CommandContext): Sink {
  const { options, stdout } = context;
  const write = (text: string) => stdout.write(text);
  if (options.flag('json')) return jsonSink({ write });
  return prettySink({
    write,
    theme: context.theme,
    deadlineOf: () => undefined,
  });
}

interface DemoParts {
  readonly listener: RunningServer;
  readonly transport: Transport;
  readonly secrets: Secrets;
}

class Demo {
  /** False as soon as the handler answered otherwise than a good one would. */
  asExpected = true;
  readonly #context: CommandContext;
  readonly #parts: DemoParts;

  constructor(context: CommandContext, parts: DemoParts) {
    this.#context = context;
    this.#parts = parts;
  }

  say(text: string): void {
    const { options, stdout } = this.#context;
    if (!options.flag('json')) stdout.write(`${text}\n`);
  }

  async send(providerId: string, event: string, spoil?: Spoil): Promise<void> {
    const { listener, secrets } = this.#parts;
    const provider = getProvider(providerId);
    const at = new Date();
    const { request } = prepare({
      provider,
      event,
      content: readFixture(provider.id, event),
      at,
      signedAt: at,
      random: systemRandom,
      secret: secrets.get(provider.id) ?? '',
      url: `${listener.url}/webhook/${provider.id}`,
      ...(spoil === undefined ? {} : { spoil }),
    });
    await this.#deliver(request, `/webhook/${provider.id}`, spoil === undefined ? '2' : '4');
  }

  async replayOldest(store: Store): Promise<void> {
    const event = [...store.newest()].at(-1);
    if (event === undefined) throw new Error('The demo recorded nothing.');
    const provider: Provider = getProvider(event.provider);
    const secret = this.#parts.secrets.get(provider.id) ?? '';
    const request = resign(event, { provider, secret, at: new Date(), edits: [] });
    await this.#deliver(request, event.request.url, '2');
  }

  async #deliver(request: RawRequest, path: string, statusClass: string): Promise<void> {
    const { listener, transport } = this.#parts;
    const endpoint = endpointOf(parseTarget(listener.url), path);
    const delivery = await deliver(request, endpoint, {
      transport,
      cause: 'send',
      timeoutMs: 10_000,
    });
    const { outcome } = lastAttempt(delivery);
    if (outcome.kind !== 'answered' || String(outcome.status)[0] !== statusClass) {
      this.asExpected = false;
    }
  }
}
