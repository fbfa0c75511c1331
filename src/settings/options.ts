import { parseDuration, parseInstant } from '../core/clock.ts';
import { HookcliError } from '../core/errors.ts';
import { parseSize } from '../core/limits.ts';
import { nearest } from '../core/nearest.ts';
import type { SettingsFile } from './project.ts';

/** One option of a command, as a row of the table. */
export interface OptionRow {
  /** `-p, --port <number>`, as commander writes it. */
  readonly flags: string;
  readonly help: string;
  readonly default?: string;
  /** May be given several times; from elsewhere a list, or text parted by commas. */
  readonly repeat?: boolean;
}

type Value = string | readonly string[] | boolean;

export interface ResolvedOption {
  readonly value: Value | undefined;
  /** `command line`, `HOOKCLI_PORT`, the path of a file, or `default`. */
  readonly source: string;
}

/** `--max-body <size>` is `maxBody`; `--no-color` is `color`. */
export function optionName(row: OptionRow): string {
  const long = /--(?:no-)?([a-z0-9-]+)/.exec(row.flags)?.[1] ?? '';
  return long.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `maxBody` is `HOOKCLI_MAX_BODY`. */
export const environmentName = (name: string): string =>
  `HOOKCLI_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

const takesValue = (row: OptionRow): boolean => /[<[]/.test(row.flags);

export interface OptionSources {
  readonly commandLine: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly project: SettingsFile | undefined;
  readonly user: SettingsFile | undefined;
  /** Members of the project's file under this name count for this command alone. */
  readonly command: string;
}

/** Settles every option of a command: command line, environment, project, user, default. */
export function resolveOptions(
  rows: readonly OptionRow[],
  sources: OptionSources,
): Map<string, ResolvedOption> {
  return new Map(rows.map((row) => [optionName(row), resolve(row, sources)]));
}

function resolve(row: OptionRow, sources: OptionSources): ResolvedOption {
  const name = optionName(row);
  const given = sources.commandLine[name];
  if (given !== undefined) return { value: given as Value, source: 'command line' };

  const variable = environmentName(name);
  const text = sources.env[variable];
  if (text !== undefined && text !== '') {
    return { value: fromText(row, text, variable), source: variable };
  }
  const own = sources.project?.values[sources.command];
  const members = typeof own === 'object' && own !== null ? (own as Record<string, unknown>) : {};
  for (const [file, values] of [
    [sources.project?.file, members],
    [sources.project?.file, sources.project?.values],
    [sources.user?.file, sources.user?.values],
  ] as const) {
    const value = values?.[name];
    if (file !== undefined && value !== undefined) {
      return { value: fromJson(row, value, `${name} in ${file}`), source: file };
    }
  }
  const fallback = row.default ?? (row.flags.includes('--no-') ? true : undefined);
  return { value: fallback, source: 'default' };
}

function fromText(row: OptionRow, text: string, where: string): Value {
  if (takesValue(row)) return row.repeat ? text.split(',').map((part) => part.trim()) : text;
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw badSetting(where, text, 'true or false');
}

function fromJson(row: OptionRow, value: unknown, where: string): Value {
  if (!takesValue(row)) {
    if (typeof value === 'boolean') return value;
    throw badSetting(where, value, 'true or false');
  }
  const isText = (item: unknown) => typeof item === 'string' || typeof item === 'number';
  if (row.repeat) {
    const items = Array.isArray(value) ? value : [value];
    if (items.every(isText)) return items.map(String);
    throw badSetting(where, value, 'a text or a list of texts');
  }
  if (isText(value)) return String(value);
  throw badSetting(where, value, 'a text or a number');
}

const badSetting = (where: string, value: unknown, wanted: string): HookcliError =>
  new HookcliError('bad-setting', `${where} is ${JSON.stringify(value)}; it must be ${wanted}.`, {
    hint: 'Mend it there. Where each setting comes from: hookcli config list',
  });

/**
 * Refuses members of the project's file that nothing reads, and secrets, which do not belong there.
 *
 * @param optionNames every option there is
 * @param commands the options of each command, by its name
 * @throws HookcliError `unknown-setting` or `secret-in-project`
 */
export function checkProjectSettings(
  project: SettingsFile,
  optionNames: readonly string[],
  commands: ReadonlyMap<string, readonly string[]>,
): void {
  // What stands under `providers` is read by the commands that know providers.
  const known = ['$schema', 'providers', ...optionNames, ...commands.keys()];
  checkMembers(project.file, project.values, known, '');
  for (const [command, ofCommand] of commands) {
    const values = project.values[command];
    if (values === undefined || command === 'providers') continue;
    // The folder of one's own fixtures.
    if (command === 'fixtures' && typeof values === 'string') continue;
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw badSetting(`${command} in ${project.file}`, values, 'an object with its options');
    }
    checkMembers(project.file, values, ofCommand, `${command}.`);
  }
}

function checkMembers(file: string, values: object, known: readonly string[], under: string): void {
  for (const name of Object.keys(values)) {
    if (name === 'secret' || name === 'secrets') {
      throw new HookcliError(
        'secret-in-project',
        `${file} holds "${under}${name}", but it is committed with the project.`,
        {
          hint: 'Put the secret into .env, the environment, or: hookcli config set secrets.<provider> <secret>',
        },
      );
    }
    if (known.includes(name)) continue;
    const [guess] = nearest(name, known);
    throw new HookcliError('unknown-setting', `${file}: there is no setting "${under}${name}".`, {
      hint:
        guess === undefined
          ? 'Settings are named like options, such as port and maxBody. See: hookcli listen --help'
          : `Did you mean "${guess}"?`,
    });
  }
}

/** The settled options of one command, read with the type they have. */
export class Options {
  readonly #resolved: ReadonlyMap<string, ResolvedOption>;

  constructor(resolved: ReadonlyMap<string, ResolvedOption>) {
    this.#resolved = resolved;
  }

  /** True when the option was set anywhere but in our own defaults. */
  isSet(name: string): boolean {
    const option = this.#resolved.get(name);
    return option?.value !== undefined && option.source !== 'default';
  }

  flag(name: string): boolean {
    return this.#resolved.get(name)?.value === true;
  }

  text(name: string): string | undefined {
    const value = this.#resolved.get(name)?.value;
    if (Array.isArray(value)) return value.at(-1);
    return typeof value === 'string' ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.#resolved.get(name)?.value;
    if (typeof value === 'string') return [value];
    return Array.isArray(value) ? value : [];
  }

  /** Milliseconds, or undefined when it is not set. */
  duration(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseDuration(text, this.#label(name));
  }

  instant(name: string, now: Date): Date | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseInstant(text, now, this.#label(name));
  }

  /** Bytes, or undefined when it is not set. */
  size(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseSize(text, this.#label(name));
  }

  /**
   * A whole number.
   *
   * @throws HookcliError `bad-number` when it is none, or outside the bounds
   */
  integer(
    name: string,
    bounds: { readonly min: number; readonly max: number },
  ): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= bounds.min && value <= bounds.max) return value;
    throw new HookcliError('bad-number', `${this.#label(name)}: "${text}" is not usable.`, {
      hint: `Give a whole number from ${bounds.min} to ${bounds.max}.`,
    });
  }

  /** The option as it is typed, and where its value is from when it was not. */
  #label(name: string): string {
    const typed = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const source = this.#resolved.get(name)?.source ?? 'default';
    return source === 'command line' || source === 'default' ? typed : `${typed} (from ${source})`;
  }
}
