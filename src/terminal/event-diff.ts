import type { BodySide, Difference } from '../formats/compare.ts';
import { safe, safeName } from './safe.ts';
import type { Theme } from './theme.ts';

const LONGEST = 500;

const SECTIONS = [
  ['request', ['method', 'url']],
  ['headers', ['header']],
  ['payload', ['json', 'form']],
  ['body', ['body']],
] as const;

/** The differences of two requests for people: what went in red, what came in green. */
export function differenceText(differences: readonly Difference[], theme: Theme): string {
  const sections = SECTIONS.flatMap(([title, places]) => {
    const lines = differences
      .filter((one) => (places as readonly string[]).includes(one.in))
      .flatMap((one) => linesOf(one, theme));
    return lines.length === 0 ? [] : [[theme.strong(title), ...lines.map((line) => `  ${line}`)]];
  });
  return sections.map((lines) => lines.join('\n')).join('\n');
}

function linesOf(difference: Difference, theme: Theme): string[] {
  const { in: where, change, before, after } = difference;
  const name = where === 'method' || where === 'url' ? where : (difference.name ?? '');
  const named = where === 'json' && name === '' ? '(all of it)' : safeName(name, LONGEST);
  if (where === 'body') return bodyLines(difference, theme);
  switch (change) {
    case 'added':
      return [theme.ok(`+ ${named}: ${valueText(after, where)}`)];
    case 'removed':
      return [theme.bad(`- ${named}: ${valueText(before, where)}`)];
    case 'moved':
      return [theme.warn(`~ ${named} stands elsewhere`)];
    case 'respelt':
      return [theme.warn(`~ ${named} is written ${valueText(after, where)}`)];
    default:
      return [
        theme.warn(`~ ${named}`),
        theme.bad(`  - ${valueText(before, where)}`),
        theme.ok(`  + ${valueText(after, where)}`),
      ];
  }
}

/** Headers, fields and URLs as they are; values of JSON as JSON, since "1" is not 1. */
function valueText(value: unknown, where: Difference['in']): string {
  const isPlain = where !== 'json' && typeof value === 'string' && /^\S(?:.*\S)?$/s.test(value);
  return safe(isPlain ? value : JSON.stringify(value), { max: LONGEST });
}

function bodyLines({ change, offset = 0, before, after }: Difference, theme: Theme): string[] {
  const [one, other] = [before, after] as [BodySide, BodySide];
  const what =
    change === 'respelt'
      ? 'The payload is the same, written otherwise from byte'
      : 'The bytes differ from byte';
  const side = ({ bytes, here }: BodySide) => `${bytes} bytes, there ${JSON.stringify(here)}`;
  return [
    theme.warn(`~ ${what} ${offset} on`),
    theme.bad(`  - ${safe(side(one))}`),
    theme.ok(`  + ${safe(side(other))}`),
  ];
}
