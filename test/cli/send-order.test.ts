import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Sandbox } from '../helpers/cli.ts';
import { type Handler, type SeenRequest, serveAnswers } from '../helpers/handlers.ts';

const box = new Sandbox(afterAll);
let handler: Handler & { readonly seen: SeenRequest[] };
let waiting: (() => void)[] | undefined;

beforeAll(async () => {
  handler = await serveAnswers((_request, response) => {
    if (waiting === undefined) response.end();
    else waiting.push(() => response.end());
  }, box.atEnd);
});
beforeEach(() => {
  handler.seen.length = 0;
  waiting = undefined;
});

const send = (...args: string[]) => box.json(['send', ...args, '--to', handler.url]);
const ids = () => handler.seen.map(({ body }) => JSON.parse(body.toString('utf8')).id as string);

describe('duplicates', () => {
  it('have the same bytes and headers, beside events of other ids', async () => {
    const { code, lines } = await send('stripe', 'invoice.paid', '--duplicate', '2', '-n', '3');
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', sent: 9, ok: 9 });
    expect(new Set(ids()).size).toBe(3);
    const [first] = handler.seen as [SeenRequest];
    const same = handler.seen.filter(({ body }) => body.equals(first.body));
    expect(same).toHaveLength(3);
    for (const { headers } of same) expect(headers).toEqual(first.headers);
  });

  it('are under way at the same time', async () => {
    const held: (() => void)[] = [];
    waiting = held;
    const sending = send('stripe', 'invoice.paid', '--duplicate', '1');
    // Both are there before either is answered, or this would wait for ever.
    await expect.poll(() => held.length, { timeout: 10_000, interval: 5 }).toBe(2);
    for (const answer of held) answer();
    expect((await sending).code).toBe(0);
  });
});

describe('--shuffle', () => {
  it('gives all in another order, the same for the same seed', async () => {
    const order = async (seed: string) => {
      const args = ['--shuffle', '--dry-run', '--seed', seed];
      const { lines } = await send('stripe', 'subscription.lifecycle', '-n', '3', ...args);
      return lines.map(({ body }) => JSON.parse(String(body)).type as string);
    };
    const { lines } = await box.json(['fixtures', 'stripe', 'subscription.lifecycle']);
    const told = lines[0]?.events as string[];
    const shuffled = await order('1');
    expect(shuffled).not.toEqual([...told, ...told, ...told]);
    expect(shuffled.toSorted()).toEqual([...told, ...told, ...told].sort());
    expect(await order('1')).toEqual(shuffled);
    expect(await order('2')).not.toEqual(shuffled);
  });
});

describe('--rate', () => {
  it('goes on while answers are slow, and counts from the time each was due', async () => {
    const held: (() => void)[] = [];
    waiting = held;
    const sending = send('stripe', 'invoice.paid', '-n', '20', '--rate', '200');
    await expect.poll(() => held.length, { timeout: 10_000, interval: 5 }).toBe(20);
    for (const answer of held) answer();
    const { code, lines } = await sending;
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatchObject({ sent: 20, ok: 20 });
    const { p50, max } = (lines.at(-1) as { latencyMs: { p50: number; max: number } }).latencyMs;
    // The first was due 95 ms before the last, and all were answered together.
    expect(max - p50).toBeGreaterThan(30);
  });
});
