import type { ExitCode } from '../core/errors.ts';
import type { Options } from '../settings/options.ts';
import type { SettingsFile } from '../settings/project.ts';
import { type JsonLines, jsonLines } from '../sinks/json.ts';
import { parseKeep } from '../store/keep.ts';
import { locateStore } from '../store/locate.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Theme } from '../terminal/theme.ts';

export interface Output {
  write(text: string | Uint8Array): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

/** All a command gets from the world around it. */
export interface CommandContext {
  readonly args: readonly string[];
  /** What stands behind `--`. */
  readonly rest: readonly string[];
  readonly options: Options;
  /** Every command with its options as they are typed, for completion. */
  readonly commands: readonly { readonly name: string; readonly options: readonly string[] }[];
  /** Every option there is, by the name settings use. */
  readonly optionNames: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The project's own settings file, where there is one. */
  readonly project: SettingsFile | undefined;
  /** How the result is painted. */
  readonly theme: Theme;
  /** The result. */
  readonly stdout: Output;
  /** Everything else. */
  readonly stderr: Output;
}

/** A command: options in, exit code out. */
export type RunCommand = (context: CommandContext) => Promise<ExitCode | number>;

export const jsonOf = (context: CommandContext): JsonLines =>
  jsonLines((text) => context.stdout.write(text));

/** Says something that is not the result; `--quiet` hears only errors. */
export function note(context: CommandContext, text: string): void {
  if (!context.options.flag('quiet')) context.stderr.write(`${text}\n`);
}

export function storeOf(context: CommandContext, more: { durable?: boolean } = {}): Store {
  const { options } = context;
  const keep = options.text('keep');
  return openStore(storeFolder(context), {
    ...(keep === undefined ? {} : { keep: parseKeep(keep) }),
    ...more,
    onTrouble: (message) => note(context, `warning: ${message}`),
  });
}

export function storeFolder({ options, env, cwd }: CommandContext): string {
  const flag = options.text('store');
  return locateStore({ cwd, env, ...(flag === undefined ? {} : { flag }) });
}
