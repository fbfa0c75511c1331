import { describe, expect, it, onTestFinished } from 'vitest';
import { HookcliError } from '../../src/core/errors.ts';
import { systemRandom } from '../../src/core/ids.ts';
import type { CapturedEvent, Handshake, Header, Provider } from '../../src/core/types.ts';
import { composeChallenge } from '../../src/deliver/challenge.ts';
import { answerFault } from '../../src/handshakes/fault.ts';
import { getProvider, providers } from '../../src/providers/index.ts';
import { startReceiver } from '../../src/receive/start-receiver.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { startRecorder } from '../helpers/servers.ts';
import { type Pipe, type PipeOptions, startPipe } from '../receive/pipe.ts';

const pipe = (options: PipeOptions = {}): Promise<Pipe> => startPipe(onTestFinished, options);

/** A pipe that knows the secrets of one provider. */
const knowing = (secrets: readonly string[], options: PipeOptions = {}): Promise<Pipe> =>
  pipe({ secretsOf: async () => ({ secrets, origin: 'the test' }), ...options });

interface Begun {
  readonly provider: string;
  readonly id?: string;
  readonly secret: string;
  readonly isForged?: boolean;
  readonly headers?: readonly Header[];
}

const handshakeOf = (provider: Provider, id?: string): Handshake => {
  const found = provider.handshakes?.find((one) => id === undefined || one.id === id);
  if (found === undefined) throw new Error(`${provider.id} has no handshake ${id}.`);
  return found;
};

/** Begins a handshake with a receiver, and gives its answer. */
async function begin(base: string, { provider: name, id, secret, ...more }: Begun) {
  const provider = getProvider(name);
  const handshake = handshakeOf(provider, id);
  const request = composeChallenge({
    provider,
    handshake,
    url: `${base}/webhook/${name}`,
    secret,
    random: systemRandom,
    at: new Date(),
    ...more,
  });
  const { method, url, headers, body } = request;
  const response = await fetch(url, {
    method,
    headers: headers
      .filter(([header]) => header !== 'Host')
      .map(([a, b]): [string, string] => [a, b]),
    ...(body.length === 0 ? {} : { body: Buffer.from(body) }),
  });
  const answer = {
    status: response.status,
    headers: [...response.headers],
    body: await response.text(),
  };
  return { request, answer, fault: answerFault(handshake, answer, request, [secret]) };
}

const newest = ({ store }: Pipe): CapturedEvent => {
  const [event] = [...store.newest()];
  if (event === undefined) throw new Error('Nothing was recorded.');
  return event;
};

const secretOf = (provider: string): string => getProvider(provider).secret.generate(systemRandom);

describe('without an endpoint', () => {
  const all = providers.flatMap(({ id: provider, handshakes = [] }) =>
    handshakes.map(({ id, isSigned, handsOver }) => ({ provider, id, isSigned, handsOver })),
  );

  it.each(all)('$provider $id is answered and recorded', async (one) => {
    const { provider, id, isSigned, handsOver } = one;
    const secret = secretOf(provider);
    const running = await knowing([secret]);
    const { fault, request } = await begin(running.url, { provider, id, secret });
    expect(fault).toBeUndefined();
    const event = newest(running);
    expect(event).toMatchObject({ provider, handshake: id });
    expect(Buffer.compare(event.request.body, request.body)).toBe(0);
    const { verdict } = event;
    if (isSigned && handsOver === undefined) expect(verdict.status).toBe('verified');
    else expect(verdict).toMatchObject({ status: 'unchecked', reason: 'handshake' });
    expect(running.happenings).toMatchObject([{ kind: 'event', event: { handshake: id } }]);
  });

  it.each([
    ['xero', 401],
    ['discord', 401],
  ])('a false signature of %s is refused without a word', async (provider, status) => {
    const secret = secretOf(provider);
    const running = await knowing([secret]);
    const { answer } = await begin(running.url, { provider, secret, isForged: true });
    expect(answer).toMatchObject({ status, body: '' });
    expect(newest(running).verdict).toMatchObject({ status: 'rejected', reason: 'mismatch' });
  });

  it('a false signature of another is marked, and refused only when told to', async () => {
    const begun = { provider: 'slack', secret: secretOf('slack'), isForged: true };
    const lax = await knowing([begun.secret]);
    expect((await begin(lax.url, begun)).fault).toBeUndefined();
    expect(newest(lax).verdict).toMatchObject({ status: 'rejected', reason: 'mismatch' });
    const strict = await knowing([begun.secret], { reject: true });
    const { answer } = await begin(strict.url, begun);
    expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('rejected') });
  });

  it('is answered though --events asks for others', async () => {
    const secret = secretOf('slack');
    const running = await knowing([secret], { wanted: () => false, forward: ['127.0.0.1:9'] });
    expect((await begin(running.url, { provider: 'slack', secret })).fault).toBeUndefined();
    expect(running.happenings).toEqual([]);
  });

  it('a wrong verify token is refused, and the way out told', async () => {
    const running = await knowing(['the right token']);
    const { answer } = await begin(running.url, { provider: 'meta', secret: 'another token' });
    expect(answer).toMatchObject({ status: 403, body: '' });
    expect(newest(running).verdict).toMatchObject({
      reason: 'handshake',
      detail: expect.stringContaining('403'),
      hint: expect.stringContaining('--secret meta='),
    });
  });

  it('is answered with the secret it was signed with, of several', async () => {
    const [old, current] = [secretOf('zoom'), secretOf('zoom')];
    const running = await knowing([old, current]);
    const { fault } = await begin(running.url, { provider: 'zoom', secret: current });
    expect(fault).toBeUndefined();
  });

  it('is not answered as if all were well when no secret can be used', async () => {
    const running = await pipe({
      secretsOf: async () => {
        throw new HookcliError('unusable-secret', 'The secret is empty.');
      },
    });
    const { answer } = await begin(running.url, { provider: 'zoom', secret: 's3cret-of-zoom' });
    expect(answer.status).toBe(500);
    expect(newest(running).verdict).toMatchObject({ reason: 'no-secret' });
  });

  it('is not answered when it could not be recorded', async () => {
    const secret = secretOf('slack');
    const full = new HookcliError('store-full', 'The disk is full.');
    const running = await knowing([secret], {
      store: { append: () => Promise.reject(full), appendDelivery: async () => {} },
    } as PipeOptions);
    expect((await begin(running.url, { provider: 'slack', secret })).answer.status).toBe(507);
  });
});

it('goes to the endpoint where there is one, whose answer counts', async () => {
  const handler = await startRecorder(onTestFinished, {
    answer: (_, response) => response.writeHead(202, { 'X-Mine': '1' }).end('my own answer'),
  });
  const secret = secretOf('slack');
  const running = await knowing([secret], { forward: [handler.url] });
  const { answer, request } = await begin(running.url, { provider: 'slack', secret });
  expect(answer).toMatchObject({ status: 202, body: 'my own answer' });
  expect(handler.seen).toMatchObject([{ method: 'POST', url: '/webhook/slack' }]);
  expect(Buffer.compare(handler.seen[0]?.body as Uint8Array, request.body)).toBe(0);
  expect(running.happenings.map(({ kind }) => kind)).toEqual(['event', 'delivery']);
});

describe('a secret that is handed over', () => {
  const kept = () => {
    const secrets: [string, string][] = [];
    return {
      secrets,
      keepSecret: ({ id }: Provider, secret: string) => void secrets.push([id, secret]),
    };
  };

  it.each(['notion', 'asana'])(
    'of %s is kept, and said so without showing it',
    async (provider) => {
      const { secrets, keepSecret } = kept();
      const secret = secretOf(provider);
      const running = await knowing(['an older one, of theirs'], { keepSecret });
      expect((await begin(running.url, { provider, secret })).fault).toBeUndefined();
      expect(secrets).toEqual([[provider, secret]]);
      const { verdict } = newest(running);
      expect(verdict).toMatchObject({
        status: 'unchecked',
        reason: 'handshake',
        detail: expect.stringContaining('from now on'),
        hint: expect.stringContaining(`config set secrets.${provider}`),
      });
      expect(JSON.stringify(verdict)).not.toContain(secret);
    },
  );

  it('unsigned, of Notion, as well', async () => {
    const { secrets, keepSecret } = kept();
    const running = await knowing(['an older one'], { keepSecret });
    const secret = secretOf('notion');
    const response = await fetch(`${running.url}/webhook/notion`, {
      method: 'POST',
      body: JSON.stringify({ verification_token: secret }),
    });
    expect(response.status).toBe(200);
    expect(secrets).toEqual([['notion', secret]]);
  });

  it('is not kept when it does not fit its own signature', async () => {
    const { secrets, keepSecret } = kept();
    const running = await knowing(['an older one'], { keepSecret });
    const secret = secretOf('notion');
    await begin(running.url, { provider: 'notion', secret, isForged: true });
    expect(secrets).toEqual([]);
    expect(newest(running).verdict).toMatchObject({ status: 'rejected', reason: 'mismatch' });
  });

  it.each([
    ['notion', { type: 'page.created', id: 'n1' }, 'page.created'],
    ['asana', { events: [] }, 'heartbeat'],
  ])('of %s counts for what follows', async (id, payload, type) => {
    const provider = getProvider(id);
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const secrets = [secretOf(id), secretOf(id)];
    for (const secret of secrets) await begin(receiver.url, { provider: id, secret });
    for (const secret of [...secrets, secretOf(id)]) {
      const { headers, body } = signRequest(
        {
          method: 'POST',
          url: '/',
          headers: [['Content-Type', 'application/json']],
          body: Buffer.from(JSON.stringify(payload)),
        },
        provider,
        { secret, eventId: 'n1', at: new Date() },
      );
      await fetch(`${receiver.url}/webhook/${id}`, {
        method: 'POST',
        headers: headers.map(([name, value]): [string, string] => [name, value]),
        body: Buffer.from(body),
      });
    }
    const verdicts = receiver.events.map(({ verdict }) => verdict.status);
    expect(verdicts).toEqual(['unchecked', 'unchecked', 'verified', 'verified', 'rejected']);
    expect(receiver.events.at(-1)?.type).toBe(type);
  });
});

it('is a handshake in the store as it is in what is told', async () => {
  const secret = secretOf('slack');
  const running = await knowing([secret]);
  await begin(running.url, { provider: 'slack', secret });
  await begin(running.url, { provider: 'meta', secret });
  const stored = [...running.store.newest()].map(({ handshake, verdict }) => [
    handshake,
    verdict.status,
  ]);
  expect(stored).toEqual([
    ['hub.challenge', 'unchecked'],
    ['url_verification', 'verified'],
  ]);
});
