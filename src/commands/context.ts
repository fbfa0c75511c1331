import type { ExitCode } from '../core/errors.ts';
import { HookcliError } from '../core/errors.ts';
import type { Provider } from '../core/types.ts';
import { type GenericOptions, generic } from '../providers/generic.ts';
import { getProvider } from '../providers/index.ts';
import type { Options } from '../settings/options.ts';
import { SecretFinder } from '../settings/secrets.ts';
import { type JsonLines, jsonLines } from '../sinks/json.ts';
import { parseKeep } from '../store/keep.ts';
import { locateStore } from '../store/locate.ts';
import { openStore, type Store } from '../store/store.ts';
import { createTheme, type Theme, wantsColor } from '../terminal/theme.ts';

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
  /** The result. */
  readonly stdout: Output;
  /** Everything else. */
  readonly stderr: Output;
}

/** A command: options in, exit code out. */
export type RunCommand = (context: CommandContext) => Promise<ExitCode | number>;

export function themeOf({ options, env }: CommandContext, output: Output): Theme {
  const flag = options.text('color') ?? 'auto';
  if (flag !== 'auto' && flag !== 'on' && flag !== 'off') {
    throw new HookcliError('bad-option', `--color: "${flag}" is not auto, on or off.`);
  }
  return createTheme({ color: wantsColor({ flag, env, isTTY: output.isTTY }) });
}

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

/** @param several true for a command that serves more than one provider */
export function secretsOf({ options, env, cwd }: CommandContext, several: boolean): SecretFinder {
  return new SecretFinder({
    values: options.list('secret'),
    files: options.list('secretFile'),
    variables: options.list('secretEnv'),
    env,
    cwd,
    several,
  });
}

/** The provider with this id; the generic one as the options adjust it. */
export function providerOf({ options }: CommandContext, id: string): Provider {
  const provider = getProvider(id);
  return provider.id === 'generic' ? generic(genericOptions(options)) : provider;
}

const ALGORITHMS = ['sha1', 'sha256', 'sha512'] as const;
const ENCODINGS = ['hex', 'base64'] as const;

function genericOptions(options: Options): GenericOptions {
  const header = options.text('signatureHeader');
  const algorithm = oneOf(options, 'algorithm', ALGORITHMS);
  const encoding = oneOf(options, 'encoding', ENCODINGS);
  const prefix = options.text('prefix');
  if (header !== undefined && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header)) {
    throw new HookcliError('bad-option', `--signature-header: "${header}" is not a header's name.`);
  }
  return {
    ...(header === undefined ? {} : { header }),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(prefix === undefined ? {} : { prefix }),
  };
}

function oneOf<T extends string>(options: Options, name: string, allowed: readonly T[]) {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  throw new HookcliError('bad-option', `--${name}: "${text}" is not one of ${allowed.join(', ')}.`);
}
