import { EXIT } from '../core/errors.ts';
import { formatSize } from '../core/limits.ts';
import type { RecordedEvent } from '../core/types.ts';
import { held } from '../store/held.ts';
import { parseQuery } from '../store/query.ts';
import { explainQuery } from '../store/query-explain.ts';
import { eventJson } from '../store/record.ts';
import { eventTable } from '../terminal/event-table.ts';
import { safe } from '../terminal/safe.ts';
import { jsonOf, note, type RunCommand, storeOf } from './context.ts';

/** What there is in all, for eyes. */
function holdings(dir: string): string {
  const { bytes, since } = held(dir);
  const from = since === undefined ? '' : ` since ${since.toISOString()}`;
  return `${formatSize(bytes)} kept${from}`;
}

export const run: RunCommand = async (context) => {
  const { options, args, stdout, stderr } = context;
  const now = new Date();
  const limit = options.integer('limit', { min: 1, max: 1_000_000_000 }) ?? 20;
  const query = parseQuery(args.join(' '), { now });
  if (options.flag('explain')) {
    // Asked for, so it is said even with --quiet.
    for (const line of explainQuery(args.join(' '), query.words)) stderr.write(`${safe(line)}\n`);
  }
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
    stdout.write(`${eventTable(found, context.theme, { width: stdout.columns, now })}\n`);
    if (stdout.isTTY) stdout.write(`${context.theme.dim(holdings(store.dir))}\n`);
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
