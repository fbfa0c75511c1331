import fs from 'node:fs';
import path from 'node:path';
import { EXIT, HookcliError, systemCode } from '../core/errors.ts';
import type { RecordedEvent } from '../core/types.ts';
import { fixtureFile, fixtureText } from '../formats/fixture/fixture-file.ts';
import { type FixtureTemplate, fixtureOf } from '../formats/fixture/template.ts';
import { findProvider } from '../providers/index.ts';
import type { Store } from '../store/store.ts';
import { safe, safeJson } from '../terminal/safe.ts';
import { chosenEvents, noneChosen } from './chosen-events.ts';
import { type CommandContext, note } from './context.ts';
import { OutputFile } from './output-file.ts';

/**
 * Writes captured events as fixtures: one to standard output or into a file, one of each kind into a
 * folder.
 *
 * @returns how many
 * @throws HookcliError `no-fixture`, `several-events`, `fixture-exists` and those of the query
 */
export function exportFixtures(
  context: CommandContext,
  store: Store,
  shown: (event: RecordedEvent) => RecordedEvent,
): number {
  const output = context.options.text('output');
  const { events } = chosenEvents(context, store);
  const isPath = output !== undefined && output !== '-';
  const folder = isPath ? folderOf(path.resolve(context.cwd, output)) : undefined;
  const count =
    folder === undefined
      ? exportOne(context, events, shown)
      : exportAll(context, folder, events, shown);
  if (count === 0) throw noneChosen(context, store);
  return count;
}

/** The folder that an output names; a file is called like one. */
const folderOf = (file: string): string | undefined =>
  /\.json$/i.test(file) && !fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()
    ? undefined
    : file;

function exportOne(
  context: CommandContext,
  events: Iterable<RecordedEvent>,
  shown: (event: RecordedEvent) => RecordedEvent,
): number {
  const [event, second] = firstTwo(events);
  if (event === undefined) return 0;
  if (second !== undefined) {
    throw new HookcliError('several-events', 'A fixture is made of one event, and several match.', {
      hint: 'Name one, such as last, or take one of each kind into a folder: -o .hookcli/fixtures/',
    });
  }
  const fixture = templateOf(context, shown(event));
  const text = visibleText(fixture);
  const output = context.options.text('output');
  if (output !== undefined && output !== '-') {
    write(path.resolve(context.cwd, output), text);
    note(context, `exported to ${output}`);
  } else {
    context.stdout.write(text);
    const name = safe(path.join('.hookcli', 'fixtures', fixtureFile(event.provider, fixture)));
    note(context, `To send it, keep it as ${name}`);
  }
  return 1;
}

function firstTwo(events: Iterable<RecordedEvent>): RecordedEvent[] {
  const found: RecordedEvent[] = [];
  for (const event of events) if (found.push(event) === 2) break;
  return found;
}

/** Of several events of one kind the newest counts. */
function exportAll(
  context: CommandContext,
  folder: string,
  events: Iterable<RecordedEvent>,
  shown: (event: RecordedEvent) => RecordedEvent,
): number {
  const done = new Set<string>();
  let [older, impossible, met] = [0, 0, 0];
  for (const event of events) {
    met++;
    if (done.has(`${event.provider} ${event.type}`)) {
      older++;
      continue;
    }
    let fixture: FixtureTemplate;
    let name: string;
    try {
      fixture = templateOf(context, shown(event));
      name = fixtureFile(event.provider, fixture);
    } catch (error) {
      if (!(error instanceof HookcliError)) throw error;
      impossible++;
      note(context, safe(error.message));
      continue;
    }
    writeNew(path.join(folder, name), visibleText(fixture));
    done.add(`${event.provider} ${event.type}`);
    note(context, `exported to ${safe(path.join(context.options.text('output') ?? '', name))}`);
  }
  if (older > 0) note(context, `${older} of a kind that a newer one told of were left out`);
  if (impossible > 0 && done.size === 0) {
    throw new HookcliError('no-fixture', 'No fixture can be made of any of them.', {
      hint: 'See above why.',
      exitCode: EXIT.nothing,
    });
  }
  return met === 0 ? 0 : done.size;
}

function templateOf(context: CommandContext, event: RecordedEvent): FixtureTemplate {
  const fixture = fixtureOf(event, findProvider(event.provider));
  if (fixture.braces > 0) {
    note(
      context,
      'note: {{ of the payload itself is written { {, since a fixture would take it for a hole.',
    );
  }
  return fixture;
}

/** What hides or reorders text is escaped; in JSON it means the same. */
const visibleText = (fixture: FixtureTemplate): string =>
  fixtureText(fixture)
    .split('\n')
    .map((line) => safeJson(line))
    .join('\n');

function write(file: string, text: string): void {
  const output = new OutputFile(file);
  try {
    output.write(text);
    output.finish();
  } finally {
    output.discard();
  }
}

/** A fixture that is there may have been edited by hand. */
function writeNew(file: string, text: string): void {
  if (fs.existsSync(file)) {
    throw new HookcliError('fixture-exists', `${file} is there already.`, {
      hint: 'Remove it first, or name another file: -o <file>',
    });
  }
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    throw new HookcliError(
      'unwritable-file',
      `Cannot make ${path.dirname(file)}: ${systemCode(error)}.`,
      {
        hint: 'Check the path and its permissions.',
        exitCode: EXIT.environment,
        cause: error,
      },
    );
  }
  write(file, text);
}
