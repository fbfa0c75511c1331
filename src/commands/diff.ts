import { EXIT, HookcliError } from '../core/errors.ts';
import { compareRequests } from '../formats/compare.ts';
import { differenceText } from '../terminal/event-diff.ts';
import { jsonOf, type RunCommand, storeOf } from './context.ts';

export const run: RunCommand = async (context) => {
  const { args, options, stdout, theme } = context;
  const [a, b] = args;
  if (a === undefined || b === undefined) {
    throw new HookcliError('bad-usage', 'diff needs two events.', {
      hint: 'For example: hookcli diff last~1 last',
    });
  }
  const store = storeOf(context);
  const [before, after] = [store.find(a), store.find(b)];
  const differences = compareRequests(before.request, after.request);
  const equal = differences.length === 0;
  if (options.flag('json')) {
    const lines = jsonOf(context);
    for (const difference of differences) lines.write({ kind: 'difference', ...difference });
    const summary = { a: before.id, b: after.id, equal, differences: differences.length };
    lines.write({ kind: 'summary', ...summary });
  } else if (equal) {
    stdout.write(`${before.id} and ${after.id} are the same, byte for byte\n`);
  } else {
    stdout.write(
      `${theme.bad(`--- ${before.id}`)}\n${theme.ok(`+++ ${after.id}`)}\n${differenceText(differences, theme)}\n`,
    );
  }
  // As diff(1) has it: what was asked is whether they are the same.
  return equal ? EXIT.ok : EXIT.failed;
};
