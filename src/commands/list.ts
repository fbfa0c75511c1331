import { EXIT } from '../core/errors.ts';
import type { RecordedEvent } from '../core/types.ts';
import { parseQuery } from '../store/query.ts';
import { eventJson } from '../store/record.ts';
import { eventTable } from '../terminal/event-table.ts';
import { jsonOf, note, type RunCommand, storeOf } from './context.ts';

export const run: RunCommand = async (context) => {
  const { options, args, stdout } = context;
  const now = new Date();
  const limit = options.integer('limit', { min: 1, max: 1_000_000_000 }) ?? 20;
  const query = parseQuery(args.join(' '), { now });
  const store = storeOf(context);

  const found: RecordedEvent[] = [];
  const lines = options.flag('json') ? jsonOf(context) : undefined;
  let left = limit;
  for (const event of store.newest()) {
    if (!query.matches(event)) continue;
    if (lines === undefined) found.push(event);
    else lines.write(eventJson(event, { request: false }));
    if (--left === 0) break;
  }
  if (lines !== undefined) return EXIT.ok;
  if (found.length > 0) {
    stdout.write(`${await eventTable(found, context.theme, { width: stdout.columns, now })}\n`);
  } else {
    note(
      context,
      args.length > 0
        ? `No captured event matches: ${args.join(' ')}`
        : `No events in ${store.dir} yet. Receive some: hookcli listen`,
    );
  }
  return EXIT.ok;
};
