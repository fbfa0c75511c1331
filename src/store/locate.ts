import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const NAME = '.hookcli';

export interface LocateOptions {
  readonly cwd: string;
  /** The value of `--store`. */
  readonly flag?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The user's home directory; the operating system's answer when absent. */
  readonly home?: string;
}

/**
 * The folder of the store: what `--store` or HOOKCLI_STORE names, else the nearest `.hookcli` found
 * upward from the working directory, else `.hookcli` in it (which need not exist yet).
 */
export function locateStore(options: LocateOptions): string {
  const { cwd, flag, env = {} } = options;
  const named = flag ?? (env.HOOKCLI_STORE === '' ? undefined : env.HOOKCLI_STORE);
  if (named !== undefined) return path.resolve(cwd, named);
  const own = path.resolve(cwd);
  const home = path.resolve(options.home ?? env.HOME ?? os.homedir());
  for (let folder = own; ; folder = path.dirname(folder)) {
    const isForeignHome = folder === home && folder !== own;
    if (!isForeignHome && isOurs(path.join(folder, NAME))) return path.join(folder, NAME);
    if (folder === path.dirname(folder)) return path.join(own, NAME);
  }
}

/** A folder that somebody else put in our way, in /tmp say, must not collect what we receive. */
function isOurs(folder: string): boolean {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return false;
  return process.getuid === undefined || stat.uid === process.getuid();
}
