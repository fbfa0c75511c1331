import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The judges need the providers' SDKs, a package of their own: test/judges/package.json.
    exclude: [...configDefaults.exclude, 'test/judges/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    coverage: { include: ['src/**'] },
  },
});
