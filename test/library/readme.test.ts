import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send, startReceiver, verify } from 'hookcli';
import { afterAll, beforeAll, expect, test } from 'vitest';

const secret = 'whsec_for_tests_only';

// Your application: what it does when a webhook comes …
const app: Server = createServer(async (request, response) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url, headers } = request;
  const body = Buffer.concat(chunks);
  const verdict = await verify({
    provider: 'stripe',
    request: { method, url, headers, body },
    secrets: [secret],
  });
  response.writeHead(verdict.status === 'verified' ? 200 : 400).end();
});

// … and what it does when it sends one itself.
const notify = (url: string) =>
  fetch(url, { method: 'POST', body: JSON.stringify({ type: 'order.shipped', id: 'order_1' }) });

let handler: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => app.listen(0, resolve));
  handler = `localhost:${(app.address() as AddressInfo).port}/hooks/stripe`;
});
afterAll(() => app.close());

test('my handler takes a genuine event and refuses a forged one', async () => {
  const event = { provider: 'stripe', event: 'payment_intent.succeeded', to: handler };
  const genuine = await send({ ...event, secret, set: { 'data.object.amount': 500 } });
  const forged = await send({ ...event, secret: 'whsec_of_somebody_else' });

  expect(genuine.attempts[0]?.outcome).toMatchObject({ kind: 'answered', status: 200 });
  expect(forged.attempts[0]?.outcome).toMatchObject({ kind: 'answered', status: 400 });
});

test('my application tells of a shipped order', async () => {
  const receiver = await startReceiver();
  await notify(`${receiver.url}/webhook/generic`);

  const event = await receiver.next({ type: 'order.shipped', withinMs: 2_000 });
  expect(event.payload).toMatchObject({ id: 'order_1' });
  await receiver.close();
});
