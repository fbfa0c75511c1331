import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The judges need the providers' SDKs, a package of their own: test/judges/package.json.
    exclude: [...configDefaults.exclude, 'test/judges/**'],
    // Every core: left to itself, vitest keeps one free, which on two cores is half of them.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    coverage: { include: ['src/**'] },
  },
});
