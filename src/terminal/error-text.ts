import { HookcliError } from '../core/errors.ts';
import { safe } from './safe.ts';
import type { Theme } from './theme.ts';

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Several lines stay several, but none of them can pass for a line of ours. */
const indented = (text: string): string => safe(text, { lines: true }).replaceAll('\n', '\n  ');

/** An error for people: what is wrong, then what to do next. A stack trace only for our own bugs. */
export function errorText(
  error: unknown,
  theme: Theme,
  { verbose }: { readonly verbose: boolean },
): string {
  if (error instanceof HookcliError) {
    const lines = [`${theme.bad('error:')} ${indented(error.message)}`];
    if (error.hint !== undefined) lines.push(indented(error.hint));
    if (verbose && error.cause !== undefined) {
      lines.push(theme.dim(`because of: ${indented(messageOf(error.cause))}`));
    }
    return lines.join('\n');
  }
  const lines = [`${theme.bad('hookcli has a bug:')} ${indented(messageOf(error))}`];
  if (verbose && error instanceof Error && error.stack) lines.push(indented(error.stack));
  lines.push(
    verbose
      ? 'Please report it, with the command you typed and the lines above.'
      : 'Please report it, with the command you typed; --verbose shows where it happened.',
  );
  return lines.join('\n');
}
