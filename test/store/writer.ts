// Run as a child process: appends events as fast as it may and reports each id once it is recorded.
import { capturedId } from '../../src/core/ids.ts';
import { type Keep, openStore } from '../../src/store/store.ts';

interface Order {
  readonly dir: string;
  /** How many to append; for ever when absent. */
  readonly count?: number;
  readonly keep?: Keep;
}

process.once('message', async ({ dir, count = Infinity, keep = 'all' }: Order) => {
  const store = openStore(dir, { keep });
  const appendOne = async (i: number) => {
    const at = new Date();
    const id = capturedId(at);
    // Every twentieth body lies in a file of its own.
    const body = Buffer.alloc(i % 20 === 19 ? 70_000 : 700, `${id} "é" `);
    await store.append({
      id,
      at,
      source: 'received',
      provider: 'stripe',
      verdict: { status: 'verified', scheme: 'stripe' },
      request: { method: 'POST', url: '/', headers: [['X-Id', id]], body },
    });
    await new Promise((resolve) => process.send?.(id, resolve));
  };
  let next = 0;
  const worker = async () => {
    while (next < count) await appendOne(next++);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  await store.close();
  process.disconnect();
});
process.send?.('ready');
