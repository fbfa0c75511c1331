import type { FrameworkAdvice } from '../verify/explain.ts';
import type { Theme } from './theme.ts';

/** What to change, a framework a line. */
export function adviceLines(advice: readonly FrameworkAdvice[], theme: Theme): string {
  const width = Math.max(0, ...advice.map(({ framework }) => framework.length));
  return advice
    .map((one) => `  ${theme.strong(one.framework.padEnd(width))}  ${theme.dim(one.advice)}`)
    .join('\n');
}
