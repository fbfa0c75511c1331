import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inBatches } from '../../src/sinks/in-batches.ts';

describe('what is written in batches', () => {
  it('goes out once for each turn of the event loop, in order', async () => {
    const written: string[] = [];
    const { write } = inBatches((text) => written.push(text));
    write('a');
    write('b');
    expect(written).toEqual([]);
    await turn();
    write('c');
    await turn();
    await turn();
    expect(written).toEqual(['ab', 'c']);
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
