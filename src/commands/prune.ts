import { EXIT, HookcliError } from '../core/errors.ts';
import { formatSize } from '../core/limits.ts';
import type { RecordedEvent } from '../core/types.ts';
import { parseKeep } from '../store/keep.ts';
import { recordedBytes } from '../store/line.ts';
import { parseQuery } from '../store/query.ts';
import { removeEvents } from '../store/remove-events.ts';
import { type CommandContext, jsonOf, type RunCommand, storeOf } from './context.ts';

export const run: RunCommand = async (context) => {
  const { options, stdout } = context;
  const goes = choice(context);
  const store = storeOf(context);
  const ids = new Set<string>();
  let [kept, bytes] = [0, 0];
  let since: Date | undefined;
  for (const event of store.newest()) {
    if (goes(event)) {
      ids.add(event.id);
      bytes += recordedBytes(event);
    } else {
      kept++;
      since = event.at;
    }
  }
  await store.close();
  const dryRun = options.flag('dryRun');
  if (!dryRun) bytes = await removeEvents(store.dir, ids);
  if (options.flag('json')) {
    jsonOf(context).write({ kind: 'pruned', events: ids.size, bytes, kept, dryRun });
    return EXIT.ok;
  }
  const events = (count: number) => (count === 1 ? 'one event' : `${count} events`);
  const done = dryRun ? 'Would remove' : 'Removed';
  const rest =
    since === undefined ? 'none is kept' : `${events(kept)} kept, since ${since.toISOString()}`;
  stdout.write(`${done} ${events(ids.size)} (${formatSize(bytes)}); ${rest}.\n`);
  return EXIT.ok;
};

/** Which events go, asked from the newest to the oldest: those that fit, but for the newest of them. */
function choice(context: CommandContext): (event: RecordedEvent) => boolean {
  const { options } = context;
  const now = new Date();
  const text = options.text('query');
  const olderThanMs = options.duration('olderThan');
  const keepText = options.text('keep');
  if (text === undefined && olderThanMs === undefined && keepText === undefined) {
    throw new HookcliError('bad-usage', 'prune needs to know what may go.', {
      hint: 'For example: hookcli prune --keep 1000, --older-than 7d, or --query "provider:stripe"; --dry-run tells what it would do.',
    });
  }
  const { matches } = parseQuery(text ?? '', { now });
  const keep = keepText === undefined ? {} : parseKeep(keepText);
  if (keep === 'all') return () => false;
  const { events = keepText === undefined ? 0 : Infinity, bytes = events === 0 ? 0 : Infinity } =
    keep;
  let [heldEvents, heldBytes] = [0, 0];
  return (event) => {
    if (event.pinned || !matches(event)) return false;
    if (olderThanMs !== undefined && now.getTime() - event.at.getTime() <= olderThanMs)
      return false;
    heldEvents++;
    heldBytes += recordedBytes(event);
    return heldEvents > events || heldBytes > bytes;
  };
}
