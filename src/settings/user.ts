import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monotonicMs } from '../core/clock.ts';
import { EXIT, HookcliError, systemCode } from '../core/errors.ts';
import { readSettingsFile } from './project.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a user has set for all projects, and the secrets that were made for them. */
export interface UserSettings {
  readonly file: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** By provider id: given by the user. */
  readonly secrets: Readonly<Record<string, string>>;
  /** By provider id: made by us, once. */
  readonly generated: Readonly<Record<string, string>>;
}

/** Where user settings live; `HOOKCLI_CONFIG_DIR` moves them. */
export function settingsFolder(env: Env, platform: NodeJS.Platform = process.platform): string {
  if (env.HOOKCLI_CONFIG_DIR) return path.resolve(env.HOOKCLI_CONFIG_DIR);
  const home = env.HOME || os.homedir();
  if (platform === 'win32') {
    return path.join(env.APPDATA ?? path.join(home, 'AppData', 'Roaming'), 'hookcli');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Preferences', 'hookcli');
  return path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'hookcli');
}

const FILE = 'settings.json';

/** Reading needs no more than the file: loading `conf` would cost every start about 30 ms. */
export function readUserSettings(env: Env): UserSettings {
  const file = path.join(settingsFolder(env), FILE);
  const values = fs.existsSync(file) ? readSettingsFile(file) : {};
  return {
    file,
    options: membersOf(values.options),
    secrets: textsOf(values.secrets),
    generated: textsOf(values.generated),
  };
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(membersOf(value)).filter((entry): entry is [string, string] => {
      return typeof entry[1] === 'string';
    }),
  );

export type Section = 'options' | 'secrets' | 'generated';

/**
 * Changes user settings; one process at a time, since `conf` writes the whole file.
 *
 * @param change gets the section's members and returns what they shall be
 * @throws HookcliError `settings-unwritable`, exit code 4
 */
export async function changeUserSettings(
  env: Env,
  section: Section,
  change: (members: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const folder = settingsFolder(env);
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    await exclusively(path.join(folder, 'settings.lock'), async () => {
      const { default: Conf } = await import('conf');
      const settings = new Conf({
        cwd: folder,
        configName: 'settings',
        projectName: 'hookcli',
        configFileMode: 0o600,
        accessPropertiesByDotNotation: false,
      });
      settings.set(section, change(membersOf(settings.get(section))));
    });
  } catch (error) {
    if (error instanceof HookcliError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new HookcliError(
      'settings-unwritable',
      `Cannot write user settings in ${folder}: ${why}`,
      {
        hint: 'Make the folder writable, or name another in HOOKCLI_CONFIG_DIR.',
        exitCode: EXIT.environment,
        cause: error,
      },
    );
  }
}

const LOCK_PATIENCE_MS = 3_000;

/** Runs one at a time over all processes. A lock whose owner died is older than any change takes. */
async function exclusively(lock: string, work: () => Promise<void>): Promise<void> {
  const start = monotonicMs();
  for (;;) {
    try {
      fs.closeSync(fs.openSync(lock, 'wx', 0o600));
      break;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    if (monotonicMs() - start > LOCK_PATIENCE_MS) fs.rmSync(lock, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, 10));
  }
  try {
    await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}
