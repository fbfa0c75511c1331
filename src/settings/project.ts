import fs from 'node:fs';
import path from 'node:path';
import { HookcliError } from '../core/errors.ts';

export const PROJECT_FILE = 'hookcli.config.json';

export interface SettingsFile {
  readonly file: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The project's own settings, found upwards from a folder; undefined when there are none. */
export function readProjectSettings(cwd: string): SettingsFile | undefined {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    const file = path.join(folder, PROJECT_FILE);
    if (fs.existsSync(file)) return { file, values: readSettingsFile(file) };
    if (path.dirname(folder) === folder) return undefined;
  }
}

/**
 * The members of a settings file.
 *
 * @throws HookcliError `bad-settings` when it cannot be read or is no JSON object
 */
export function readSettingsFile(file: string): Record<string, unknown> {
  const refuse = (why: string) =>
    new HookcliError('bad-settings', `${file} cannot be used: ${why}`, {
      hint: 'It must hold one JSON object, such as {"port": 4400}.',
    });
  let value: unknown;
  try {
    value = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(`it holds ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}.`);
  }
  return value as Record<string, unknown>;
}
