import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { payloadOf } from '../../../src/core/place.ts';
import type { Provider } from '../../../src/core/types.ts';
import { listFixtures } from '../../../src/fixtures/read.ts';
import { replaceAt, spoilLeaf } from '../../fixtures/leaves.ts';
import { type TypeFault, typeCheck } from '../../fixtures/type-check.ts';
import { composed } from '../../helpers/requests.ts';
import type { TypeJudge } from './type-judge.ts';

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));

/** What the compiler says about a body, and about the same body spoiled in every way there is. */
export interface TypeVerdict {
  readonly event: string;
  /** Why the body is refused; empty when it is accepted. */
  readonly faults: readonly string[];
  /** Paths of values that might be of any other type. */
  readonly anything: readonly string[];
  /** Paths of objects that might have a member nobody knows. */
  readonly anyName: readonly string[];
  /** Other events whose body this might be. */
  readonly passesFor: readonly string[];
  /** Whether the judge's named place takes a value that nobody named. */
  readonly takesUnnamed: boolean;
}

/** A value held against the type of an event's body; one line of a file. */
interface Trial {
  readonly about: keyof Omit<TypeVerdict, 'event'>;
  readonly type: string;
  readonly payload: unknown;
  /** What its being accepted says something about. */
  readonly subject: string;
}

/** Has the compiler look at every fixture of the provider, in one run. */
export async function typeVerdicts(judge: TypeJudge, provider: Provider): Promise<TypeVerdict[]> {
  const events = listFixtures(provider.id).map(({ event }) => event);
  const sheets = events.map((event) => trialsOf(judge, event, bodyOf(provider, event), events));
  const files: Record<string, string> = {};
  for (const name of ['type-judge.ts', 'wire.ts', `${provider.id}.ts`]) {
    files[name] = await readFile(new URL(name, import.meta.url), 'utf8');
  }
  for (const [i, trials] of sheets.entries()) files[`sheet-${i}.ts`] = sheet(provider.id, trials);
  const faults = await typeCheck(files, MODULES);
  const amiss = faults.find(({ file }) => !file.startsWith('sheet-'));
  if (amiss !== undefined) throw new Error(`${amiss.file}:${amiss.line} ${amiss.message}`);
  return events.map((event, i) => {
    const own = faults.filter(({ file }) => file === `sheet-${i}.ts`);
    return { event, ...verdictOn(sheets[i] as Trial[], own) };
  });
}

/** The payload as it goes out, in JSON or in a form. */
function bodyOf(provider: Provider, event: string): unknown {
  const request = composed(provider, event);
  const text = Buffer.from(request.body).toString('utf8');
  return payloadOf(request) ?? Object.fromEntries(new URLSearchParams(text));
}

function trialsOf(
  { named }: TypeJudge,
  event: string,
  payload: unknown,
  events: readonly string[],
): Trial[] {
  const of = (about: Trial['about'], subject: string, payload: unknown, type = event): Trial => ({
    about,
    subject,
    payload,
    type,
  });
  const { values, objects } = placesOf(payload);
  const unnamed =
    named.event === event ? [replaceAt(payload, named.path.split('.'), 'nobody named this')] : [];
  return [
    of('faults', event, payload),
    ...values.map(({ path, value }) =>
      of('anything', path.join('.'), spoilLeaf(payload, { path, value })),
    ),
    ...objects.map(({ path, member }) =>
      of('anyName', path.join('.'), replaceAt(payload, [...path, 'nobodyKnowsThis'], member)),
    ),
    ...events
      .filter((other) => other !== event)
      .map((other) => of('passesFor', other, payload, other)),
    ...unnamed.map((payload) => of('takesUnnamed', event, payload)),
  ];
}

interface Places {
  /** What has no parts of its own, an empty list or object included. */
  readonly values: { readonly path: readonly string[]; readonly value: unknown }[];
  /** With a value that the object has a member of already, if it has any. */
  readonly objects: { readonly path: readonly string[]; readonly member: unknown }[];
}

function placesOf(
  value: unknown,
  path: readonly string[] = [],
  places: Places = { values: [], objects: [] },
): Places {
  const isObject = typeof value === 'object' && value !== null;
  const parts = isObject ? Object.entries(value) : [];
  if (parts.length === 0) places.values.push({ path, value });
  if (isObject && !Array.isArray(value)) {
    places.objects.push({ path, member: parts[0]?.[1] ?? 'text' });
  }
  for (const [key, part] of parts) placesOf(part, [...path, key], places);
  return places;
}

function sheet(provider: string, trials: readonly Trial[]): string {
  const lines = trials.map(
    ({ type, payload }, i) =>
      `export const t${i}: Body<${JSON.stringify(type)}> = ${JSON.stringify(payload)};`,
  );
  return `import type { Body } from './${provider}.ts';\n${lines.join('\n')}\n`;
}

function verdictOn(
  trials: readonly Trial[],
  faults: readonly TypeFault[],
): Omit<TypeVerdict, 'event'> {
  // The first line is the import.
  const refused = new Map(faults.map(({ line, message }) => [trials[line - 2], message]));
  const accepted = (about: Trial['about']) =>
    trials
      .filter((trial) => trial.about === about && !refused.has(trial))
      .map(({ subject }) => subject);
  return {
    faults: trials.flatMap((trial) =>
      trial.about === 'faults' && refused.has(trial) ? [refused.get(trial) as string] : [],
    ),
    anything: accepted('anything'),
    anyName: accepted('anyName'),
    passesFor: accepted('passesFor'),
    takesUnnamed: accepted('takesUnnamed').length > 0,
  };
}
