import type { Provider, Verdict } from '../core/types.ts';
import { verdictText } from './event-line.ts';
import { safe, safeName } from './safe.ts';
import type { Theme } from './theme.ts';

/** A verdict on its own: what it is and by which scheme, under it why and what to do. */
export function verdictLines(verdict: Verdict, { title }: Provider, theme: Theme): string {
  const { status, scheme, detail } = verdict;
  const by = scheme === undefined ? '' : theme.dim(`  scheme ${safeName(scheme, 60)}`);
  const lines = [
    `${verdictText(verdict, theme)}  ${theme.provider(safe(title, { max: 60 }))}${by}`,
  ];
  if (detail !== undefined) lines.push(`  ${safe(detail)}`);
  if (status !== 'verified' && verdict.hint !== undefined) {
    lines.push(`  ${theme.dim(safe(verdict.hint))}`);
  }
  return lines.join('\n');
}
