import { isPath, type QueryWord } from './query-words.ts';

/** What each field asks of an event, to be read before its value. */
const MEANINGS: Readonly<Record<string, string>> = {
  provider: 'the provider is',
  type: 'the type is',
  verdict: 'the verdict is',
  status: "the handler's last answer has the status",
  state: 'what became of it is',
  source: 'it was',
  since: 'it came at or after',
  before: 'it came before',
  path: 'it was sent to the path',
  dup: 'that it is a duplicate is',
  pin: 'that it is pinned is',
  id: 'its id begins with',
  event: "the provider's id of it is",
};

/** A line for each word of a query: the word as it stands, and how it was understood. */
export function explainQuery(query: string, words: readonly QueryWord[]): string[] {
  const shown = words.map(({ start, end }) => query.slice(start, end));
  const width = Math.max(0, ...shown.map((text) => text.length));
  return words.map((word, i) => `${(shown[i] as string).padEnd(width)}  ${meaningOf(word)}`);
}

function meaningOf({ field, values, negated }: QueryWord): string {
  const value = values.map((one) => JSON.stringify(one)).join(' or ');
  const asked =
    field === undefined
      ? `the body, the type or the provider's id has the text ${value}`
      : isPath(field)
        ? `in the payload ${field} is ${value}`
        : `${MEANINGS[field]} ${value}`;
  return negated ? `not: ${asked}` : asked;
}
