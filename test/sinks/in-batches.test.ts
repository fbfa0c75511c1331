import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { inBatches } from '../../src/sinks/in-batches.ts';

describe('what is written in batches', () => {
  it('goes out once for each turn of the event loop, and when busy for several turns', async () => {
    const written: string[] = [];
    const { write } = inBatches((text) => written.push(text));
    write('a');
    write('b');
    expect(written).toEqual([]);
    await turn();
    expect(written).toEqual(['ab']);
    write('c');
    await turn();
    write('d');
    await vi.waitFor(() => expect(written).toEqual(['ab', 'cd']));
  });

  it('goes out at once when asked, and only once', async () => {
    const written: string[] = [];
    const { write, flush } = inBatches((text) => written.push(text));
    write('a');
    flush();
    flush();
    await turn();
    expect(written).toEqual(['a']);
  });
});
