import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { registerProvider } from '../providers/index.ts';
import { privateProviders } from '../settings/private-providers.ts';
import type { CommandContext } from './context.ts';

/**
 * Makes the project's own providers known. The first thing that a command does which knows providers;
 * each is a bundle with a list of its own.
 *
 * @throws HookcliError `bad-provider` or `taken-provider`
 */
export async function knowPrivateProviders({ project }: CommandContext): Promise<void> {
  for (const provider of await privateProviders(project, loadModule)) registerProvider(provider);
}

async function loadModule(file: string): Promise<unknown> {
  const load = createRequire(import.meta.url)('../../bin/load-module.js') as Load;
  return (await load(pathToFileURL(file).href)).default;
}

type Load = (url: string) => Promise<{ readonly default?: unknown }>;
