import path from 'node:path';
import { EXIT, HookcliError } from '../core/errors.ts';
import type { RecordedEvent } from '../core/types.ts';
import { Redactor } from '../formats/redact/redactor.ts';
import { Spool } from '../formats/spool.ts';
import { findProvider } from '../providers/index.ts';
import type { Store } from '../store/store.ts';
import { safe } from '../terminal/safe.ts';
import { chosenEvents, noneChosen } from './chosen-events.ts';
import { type CommandContext, note, type RunCommand, storeOf } from './context.ts';
import { everySecret } from './every-secret.ts';
import { exportFixtures } from './export-fixture.ts';
import { type EventFormat, eventFormat } from './export-formats.ts';
import { OutputFile } from './output-file.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { ProgressBar } from './progress.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options } = context;
  const name = options.flag('json') ? 'json' : (options.text('format') ?? 'json');
  const format = name === 'fixture' ? undefined : eventFormat(name, context);
  const store = storeOf(context);
  const redactor = options.flag('redact')
    ? new Redactor({ secrets: everySecret(context), providerOf: findProvider })
    : undefined;
  const shown = (event: RecordedEvent) => redactor?.redact(event) ?? event;
  const { count, lost } =
    format === undefined
      ? { count: exportFixtures(context, store, shown), lost: 0 }
      : exportEvents(context, store, format, shown);
  const events = count === 1 ? 'one event' : `${count.toLocaleString('en-US')} events`;
  if (redactor !== undefined) {
    note(context, `redacted in ${events}: ${redactor.tally.text ?? 'nothing was found'}`);
  }
  return lost > 0 ? EXIT.environment : EXIT.ok;
};

interface Exported {
  readonly count: number;
  /** Those whose body is not in the store any more. */
  readonly lost: number;
}

function exportEvents(
  context: CommandContext,
  store: Store,
  format: EventFormat,
  shown: (event: RecordedEvent) => RecordedEvent,
): Exported {
  const { events, isNamed } = chosenEvents(context, store);
  const output = context.options.text('output');
  const isFile = output !== undefined && output !== '-';
  const bar = new ProgressBar(context, isFile || !context.stdout.isTTY);
  const spool = new Spool();
  let [count, lost, doneBytes] = [0, 0, 0];
  try {
    for (const event of isNamed ? [...events].reverse() : events) {
      const text = textOrLost(() => format.text(shown(event)));
      if (text instanceof HookcliError) {
        lost++;
        bar.clear();
        note(context, `warning: ${event.id} is left out. ${text.message}`);
        continue;
      }
      spool.push(text);
      count++;
      doneBytes += text.length;
      bar.show({ what: 'exporting', events: count, doneBytes });
    }
    bar.clear();
    if (count === 0 && lost === 0) throw noneChosen(context, store);
    if (isFile) writeFile(path.resolve(context.cwd, output), textsOf(format, spool));
    else for (const text of textsOf(format, spool)) writeShown(context, text);
  } finally {
    bar.clear();
    spool.close();
  }
  if (isFile) note(context, `${count.toLocaleString('en-US')} exported to ${output}`);
  return { count, lost };
}

/** A body that was lost is no reason to keep back all others. */
function textOrLost(write: () => string | Uint8Array): string | Uint8Array | HookcliError {
  try {
    return write();
  } catch (error) {
    if (error instanceof HookcliError && error.code === 'body-lost') return error;
    throw error;
  }
}

/** Oldest first, as they came. */
function* textsOf(format: EventFormat, spool: Spool): Generator<Uint8Array> {
  let isFirst = true;
  if (format.head !== undefined) yield Buffer.from(format.head);
  for (const bytes of spool.backwards()) {
    if (!isFirst && format.between !== undefined) yield Buffer.from(format.between);
    yield isFirst && format.first ? Buffer.from(format.first(bytes.toString('utf8'))) : bytes;
    isFirst = false;
  }
  if (format.tail !== undefined) yield Buffer.from(format.tail);
}

function writeFile(file: string, texts: Iterable<Uint8Array>): void {
  const output = new OutputFile(file);
  try {
    for (const text of texts) output.write(text);
    output.finish();
  } finally {
    output.discard();
  }
}

/** Bytes from outside could steer a terminal; into a pipe or a file they go as they are. */
function writeShown({ stdout }: CommandContext, bytes: Uint8Array): void {
  stdout.write(stdout.isTTY ? safe(Buffer.from(bytes).toString('utf8'), { lines: true }) : bytes);
}
