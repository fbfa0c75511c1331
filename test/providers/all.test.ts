import { providers } from '../../src/providers/index.ts';
import { testProvider } from './test-provider.ts';

for (const provider of providers) testProvider(provider);
