import { HookcliError } from '../core/errors.ts';
import { safe } from './safe.ts';
import type { Theme } from './theme.ts';

/** An error for people: what is wrong, then what to do next. A stack trace only for our own bugs. */
export function errorText(error: unknown, theme: Theme, { verbose }: { verbose: boolean }): string {
  if (error instanceof HookcliError) {
    const first = `${theme.bad('error:')} ${safe(error.message, { lines: true })}`;
    return error.hint === undefined ? first : `${first}\n${safe(error.hint, { lines: true })}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  const lines = [
    `${theme.bad('hookcli has a bug:')} ${safe(message)}`,
    'Please report it, with the command you typed.',
  ];
  if (!verbose) lines.push('Run it again with --verbose for the details.');
  else if (error instanceof Error && error.stack) lines.push(safe(error.stack, { lines: true }));
  return lines.join('\n');
}
