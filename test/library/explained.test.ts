import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { startReceiver, verify } from '../../src/index.ts';
import { signed } from '../helpers/signed.ts';

const STRIPE = 'whsec_of_this_endpoint_only';
const GITHUB = 'the secret of the repository';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('a handler that verifies what its framework made of the body', () => {
  it('is told so, and what to change', async () => {
    const app = express();
    app.use(express.json());
    app.post('/hooks', async (request, response) => {
      const headers = request.headers as Record<string, string>;
      const body = JSON.stringify(request.body);
      response.json(
        await verify({ provider: 'stripe', request: { headers, body }, secrets: [STRIPE] }),
      );
    });
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;

    const { init } = signed('stripe', 'payment_intent.succeeded', { secret: STRIPE });
    const answer = await fetch(`http://127.0.0.1:${port}/hooks`, init);
    expect(await answer.json()).toEqual({
      status: 'rejected',
      scheme: 'stripe',
      reason: 'mismatch',
      detail:
        'The signature fits the body as JSON indented by two spaces: it was parsed and written anew before it was verified.',
      hint: expect.stringContaining("express.raw({ type: 'application/json' })"),
    });
  });
});

describe('a receiver', () => {
  async function receiving() {
    const receiver = await startReceiver({ secrets: { stripe: STRIPE, github: GITHUB } });
    closing.push(() => receiver.close());
    return receiver;
  }

  it('tells why it rejected a request, and how to learn more', async () => {
    const receiver = await receiving();
    const { init } = signed('stripe', 'invoice.paid', { secret: STRIPE });
    const body = JSON.stringify(JSON.parse(init.body.toString()));
    await fetch(`${receiver.url}/webhook/stripe`, { ...init, body });
    const { id, verdict } = await receiver.next();
    expect(verdict).toMatchObject({ status: 'rejected', reason: 'mismatch' });
    expect(verdict.detail).toMatch(/it was parsed and written anew/);
    expect(verdict).toHaveProperty('hint', expect.stringMatching(`hookcli verify --event ${id}$`));
  });

  it('knows the secrets of the others', async () => {
    const receiver = await receiving();
    const { init } = signed('stripe', 'invoice.paid', { secret: GITHUB });
    await fetch(`${receiver.url}/webhook/stripe`, init);
    const { verdict } = await receiver.next();
    expect(verdict.detail).toBe('The signature fits the secret that is configured for GitHub.');
  });

  it('says where its secret is from when nothing explains it', async () => {
    const receiver = await receiving();
    const { init } = signed('stripe', 'invoice.paid', { secret: 'whsec_of_somebody_else' });
    await fetch(`${receiver.url}/webhook/stripe`, init);
    const { verdict } = await receiver.next();
    expect(verdict.detail).toMatch(/made with another secret/);
    expect(verdict).toHaveProperty('hint', expect.stringContaining('from startReceiver()'));
  });

  it('answers a flood of wrong signatures, explained or not', async () => {
    const receiver = await receiving();
    const sent = Array.from({ length: 24 }, async () => {
      const { init } = signed('stripe', 'invoice.paid', { secret: `${STRIPE}\n` });
      return (await fetch(`${receiver.url}/webhook/stripe`, init)).status;
    });
    expect(new Set(await Promise.all(sent))).toEqual(new Set([200]));
    const details = receiver.events.map(({ verdict }) => verdict.detail);
    expect(details.length).toBe(24);
    expect(
      details.filter((detail) => /line break at its end/.test(detail ?? '')).length,
    ).toBeGreaterThan(0);
  });
});
