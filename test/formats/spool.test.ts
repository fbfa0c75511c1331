import fs from 'node:fs';
import os from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { Spool } from '../../src/formats/spool.ts';

const read = (spool: Spool) => [...spool.backwards()].map((bytes) => bytes.toString('utf8'));

describe('texts that are read from the last one back', () => {
  it('are those that were put in', () => {
    const spool = new Spool();
    expect(read(spool)).toEqual([]);
    for (const text of ['a', '', 'b\u00e9']) spool.push(text);
    expect(read(spool)).toEqual(['b\u00e9', '', 'a']);
    spool.close();
  });

  it('lie in a file when they are many, and leave none behind', () => {
    const before = fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('hookcli-export-'));
    const open = vi.spyOn(fs, 'openSync');
    const spool = new Spool();
    const text = (n: number) => `${n}:${'x'.repeat(100_000)}`;
    for (let n = 0; n < 300; n++) spool.push(text(n));
    expect(open).toHaveBeenCalledTimes(1);
    open.mockRestore();
    let n = 300;
    for (const bytes of spool.backwards()) expect(bytes.toString()).toBe(text(--n));
    expect(n).toBe(0);
    spool.close();
    const after = fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('hookcli-export-'));
    expect(after).toEqual(before);
  });
});
