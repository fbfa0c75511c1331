import path from 'node:path';
import { HookcliError } from '../core/errors.ts';
import type { Provider } from '../core/types.ts';
import { defineProvider } from '../providers/define-provider.ts';
import { type At, declaredProvider, wrong } from './declared-provider.ts';
import type { SettingsFile } from './project.ts';

/** Gives what a module exports by default. */
export type LoadModule = (file: string) => Promise<unknown>;

/**
 * The providers that a project declares for itself, under `providers` of its settings file: how they
 * sign, or the path of a module that exports one made with `defineProvider()`.
 *
 * @throws HookcliError `bad-provider`, naming the member that is wrong
 */
export async function privateProviders(
  project: SettingsFile | undefined,
  load: LoadModule,
): Promise<Provider[]> {
  const declared = project?.values.providers;
  if (project === undefined || declared === undefined) return [];
  const { file } = project;
  if (!Array.isArray(declared)) {
    throw wrong({ name: 'providers', file }, declared, 'a list of providers');
  }
  const found: Provider[] = [];
  for (const [i, row] of declared.entries()) {
    const at = { name: `providers[${i}]`, file };
    found.push(typeof row === 'string' ? await loaded(row, at, load) : declaredProvider(row, at));
  }
  return found;
}

async function loaded(row: string, at: At, load: LoadModule): Promise<Provider> {
  if (!/^\.{0,2}\//.test(row)) {
    throw wrong(at, row, 'an object, or the path of a module, such as ./acme-provider.js');
  }
  const file = path.resolve(path.dirname(at.file), row);
  const refuse = (why: string, cause?: unknown) =>
    new HookcliError('bad-provider', `${at.name} in ${at.file}: ${file} ${why}`, {
      hint: "Its default export is what defineProvider() of 'hookcli' gives.",
      cause,
    });
  const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
  let exported: unknown;
  try {
    exported = await load(file);
  } catch (error) {
    throw refuse(`cannot be loaded: ${messageOf(error)}`, error);
  }
  const lacking = lackOf(exported);
  if (lacking !== undefined) throw refuse(`exports no provider by default: ${lacking}.`);
  try {
    return defineProvider(exported as Provider);
  } catch (error) {
    throw refuse(`exports no whole provider: ${messageOf(error)}`, error);
  }
}

type Members = Readonly<Record<string, unknown>>;

/** What keeps a value from having the shape of a provider, or undefined. */
function lackOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return `it is ${JSON.stringify(value)}`;
  const { secret, schemes, identify, event, ...members } = value as Record<string, unknown>;
  const shapes: readonly (readonly [name: string, is: boolean])[] = [
    ...['id', 'title', 'docs'].map((name) => [name, typeof members[name] === 'string'] as const),
    ['schemes', Array.isArray(schemes) && schemes.every((one) => hasMethods(one, SCHEME))],
    ['secret', hasMethods(secret, ['generate']) && Array.isArray((secret as Members).env)],
    ['identify', typeof (identify as Members | undefined)?.headers === 'object'],
    ['event', Array.isArray((event as Members | undefined)?.type)],
    ['eventId', typeof members.eventId === 'function'],
    ['headers', Array.isArray(members.headers)],
    ['retries', typeof (members.retries as Members | undefined)?.kind === 'string'],
  ];
  const [name] = shapes.find(([, is]) => !is) ?? [];
  return name === undefined ? undefined : `its "${name}" is missing or of another kind`;
}

const SCHEME = ['secretFault', 'sign', 'verify'];

const hasMethods = (value: unknown, names: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof (value as Members)[name] === 'function');
