import fs from 'node:fs';
import path from 'node:path';
import { HookcliError } from '../core/errors.ts';
import type { OwnFolders } from '../fixtures/read.ts';
import { type CommandContext, storeFolder } from './context.ts';

/**
 * Where the user's own fixtures lie, what counts most first: the folder that "fixtures" names in
 * hookcli.config.json, which is committed with the project, then `fixtures` in the store, which is not.
 *
 * @throws HookcliError `bad-setting` when the named folder is not there
 */
export function ownFixtures(context: CommandContext): OwnFolders {
  const inStore = path.join(storeFolder(context), 'fixtures');
  const named = namedFolder(context);
  return [...(named === undefined ? [] : [named]), ...(fs.existsSync(inStore) ? [inStore] : [])];
}

function namedFolder({ project }: CommandContext): string | undefined {
  const name = project?.values.fixtures;
  // An object there holds options of the command of this name.
  if (project === undefined || name === undefined || isObject(name)) return undefined;
  const folder = typeof name === 'string' && path.resolve(path.dirname(project.file), name);
  if (folder && fs.existsSync(folder)) return folder;
  const is = folder ? `${folder} is not there` : `it is ${JSON.stringify(name)}`;
  throw new HookcliError('bad-setting', `fixtures in ${project.file} names no folder: ${is}.`, {
    hint: 'Name the folder of your own fixtures, such as "fixtures": "test/webhooks", and make it.',
  });
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
