import { EXIT, HookcliError } from '../core/errors.ts';
import { pin, type unpin } from '../store/pins.ts';
import { type CommandContext, note, type RunCommand, storeOf } from './context.ts';

export const run: RunCommand = (context) => onEach(context, pin, 'pinned');

/** Does something to each event that is named, all of which must be there. */
export async function onEach(
  context: CommandContext,
  work: typeof pin | typeof unpin,
  done: string,
): Promise<number> {
  if (context.args.length === 0) {
    throw new HookcliError('bad-usage', 'Which event?', {
      hint: 'For example: hookcli pin last. See what there is: hookcli list',
    });
  }
  const store = storeOf(context);
  const ids = context.args.map((name) => store.find(name).id);
  for (const id of ids) {
    work(store.dir, id);
    note(context, `${done}: ${id}`);
  }
  return EXIT.ok;
}
