import { parseDuration, parseInstant } from '../core/clock.ts';
import { HookcliError } from '../core/errors.ts';
import { globMatcher } from '../core/glob.ts';
import { nearest } from '../core/nearest.ts';
import type { RecordedEvent } from '../core/types.ts';
import { pathTest } from './query-path.ts';
import { badQuery, isPath, type QueryWord, splitQuery } from './query-words.ts';
import { deliveryEnd, stateOf } from './record.ts';

/** A question to a store, asked of one event after the other. */
export interface Query {
  readonly words: readonly QueryWord[];
  matches(event: RecordedEvent): boolean;
}

type Test = (event: RecordedEvent) => boolean;

interface Field {
  /** What one of the values asks; throws a HookcliError when it means nothing. */
  test(value: string, now: Date): Test;
}

/** A text of the event, matched by a glob. */
function glob(read: (event: RecordedEvent) => string | undefined): Field {
  return {
    test(value) {
      const matches = globMatcher(value);
      return (event) => {
        const text = read(event);
        return text !== undefined && matches(text);
      };
    },
  };
}

/** One word out of a few. */
function choice(
  words: Readonly<Record<string, string>>,
  read: (event: RecordedEvent) => string,
): Field {
  return {
    test(value) {
      const wanted = Object.hasOwn(words, value.toLowerCase())
        ? words[value.toLowerCase()]
        : undefined;
      if (wanted === undefined) refuseValue(value, Object.keys(words));
      return (event) => read(event) === wanted;
    },
  };
}

const same = (...words: string[]) => Object.fromEntries(words.map((word) => [word, word]));

function refuseValue(value: string, words: readonly string[]): never {
  const [guess] = nearest(value, words, 1);
  throw new HookcliError('bad-query', `"${value}" is none of ${words.join(', ')}.`, {
    hint: guess === undefined ? `Write one of ${words.join(', ')}.` : `Did you mean "${guess}"?`,
  });
}

const status: Field = {
  test(value) {
    const wanted = value.toLowerCase();
    if (!/^(?:none|[1-9]xx|[1-9]\d\d)$/.test(wanted)) {
      throw new HookcliError('bad-query', `"${value}" is not a status.`, {
        hint: 'Write it like 404, 5xx, or none (no answer).',
      });
    }
    const matches = globMatcher(wanted.replaceAll('x', '?'));
    return (event) => {
      const last = event.deliveries.at(-1);
      const answered = last === undefined ? undefined : deliveryEnd(last).status;
      return answered === undefined ? wanted === 'none' : matches(String(answered));
    };
  },
};

function instantOf(value: string, now: Date, name: string): number {
  if (/^\d+(?:\.\d+)?(?:ms|s|m|h|d|w)$/.test(value))
    return now.getTime() - parseDuration(value, name);
  return parseInstant(value, now, name).getTime();
}

const path: Field = {
  test(value) {
    const matches = globMatcher(value);
    return ({ request: { url } }) => {
      const target = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') || '/';
      return matches(target) || matches(target.split('?', 1)[0] as string);
    };
  },
};

const id: Field = {
  test(value) {
    const upper = value.toUpperCase();
    const prefix = upper.startsWith('EVT_') ? upper.slice(4) : upper;
    const matches = globMatcher(`${prefix}*`);
    return (event) => matches(event.id.slice(4));
  },
};

const FIELDS: Readonly<Record<string, Field>> = {
  provider: glob((event) => event.provider),
  type: glob((event) => event.type),
  verdict: choice(same('verified', 'rejected', 'unchecked'), (event) => event.verdict.status),
  status,
  state: choice({ ...same('captured', 'delivered', 'failed'), pending: 'captured' }, (event) =>
    stateOf(event),
  ),
  source: choice(same('received', 'sent', 'imported'), (event) => event.source),
  since: {
    test(value, now) {
      const from = instantOf(value, now, 'since');
      return (event) => event.at.getTime() >= from;
    },
  },
  before: {
    test(value, now) {
      const to = instantOf(value, now, 'before');
      return (event) => event.at.getTime() < to;
    },
  },
  path,
  dup: choice(same('true', 'false'), (event) => String(event.duplicateOf !== undefined)),
  pin: choice(same('true', 'false'), (event) => String(event.pinned === true)),
  id,
  event: glob((event) => event.eventId),
};

/** What stands at a path of the payload. */
const payload = (path: string): Field => ({
  test(value) {
    const fits = pathTest(path, value);
    return ({ request }) => unlessLost(() => fits(request), false);
  },
});

/** Text anywhere in the body, the type or the provider's event id; case does not count. */
function mentions(text: string): Test {
  const wanted = text.toLowerCase();
  return (event) =>
    (event.type ?? '').toLowerCase().includes(wanted) ||
    (event.eventId ?? '').toLowerCase().includes(wanted) ||
    bodyText(event).toLowerCase().includes(wanted);
}

const bodyText = ({ request }: RecordedEvent): string =>
  unlessLost(() => {
    const { body } = request;
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  }, '');

/** A large body that was pruned or damaged must not end the search for all others. */
function unlessLost<T>(look: () => T, lost: T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof HookcliError && error.code === 'body-lost') return lost;
    throw error;
  }
}

function testOf(word: QueryWord, query: string, now: Date): Test {
  const { field: name, values } = word;
  if (name === undefined) return mentions(values[0] as string);
  const field = isPath(name)
    ? payload(name)
    : Object.hasOwn(FIELDS, name)
      ? FIELDS[name]
      : undefined;
  if (field === undefined) {
    const [guess] = nearest(name, Object.keys(FIELDS), 1);
    const hint =
      guess === undefined
        ? `Fields are ${Object.keys(FIELDS).join(', ')}; put text that has a colon in quotes.`
        : `Did you mean "${guess}:"? Text that has a colon goes in quotes.`;
    throw badQuery(query, word, `There is no field "${name}".`, hint);
  }
  try {
    const tests = values.map((value) => field.test(value, now));
    return (event) => tests.some((test) => test(event));
  } catch (error) {
    if (!(error instanceof HookcliError)) throw error;
    throw badQuery(query, word, error.message, error.hint ?? '');
  }
}

/**
 * Reads a query, the same everywhere: `provider:stripe type:invoice.*,charge.* status:5xx -dup:true
 * since:1h data.object.amount:>1000 "text in the body"`. All words must hold; the empty query holds for every event.
 *
 * @param options.now what `since:1h` counts from
 * @throws HookcliError `bad-query`, showing the query and the word that is wrong
 */
export function parseQuery(query: string, options: { readonly now: Date }): Query {
  const words = splitQuery(query);
  const tests = words.map((word): Test => {
    const test = testOf(word, query, options.now);
    return word.negated ? (event) => !test(event) : test;
  });
  // Looking into bodies costs most and comes last.
  const cheapFirst = tests.map((test, i) => ({
    test,
    isText: words[i]?.field === undefined || isPath(words[i]?.field ?? ''),
  }));
  cheapFirst.sort((a, b) => Number(a.isText) - Number(b.isText));
  return { words, matches: (event) => cheapFirst.every(({ test }) => test(event)) };
}
