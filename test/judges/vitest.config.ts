import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { JudgedTable } from './table.ts';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/judges/*.test.ts'],
    reporters: ['default', new JudgedTable()],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
