import { globMatcher } from '../core/glob.ts';
import type { CapturedEvent, Sink } from '../core/types.ts';
import { parseQuery, type Query } from '../store/query.ts';
import type { CommandContext } from './context.ts';

const matches = (query: Query, event: CapturedEvent): boolean =>
  query.matches({ ...event, deliveries: [] });

/**
 * Which events are shown and forwarded: `--events` and `--filter`. All are recorded. A handshake is no
 * event of any type, and without it none would come.
 */
export function wantedBy({ options }: CommandContext): (event: CapturedEvent) => boolean {
  const globs = options
    .list('events')
    .flatMap((text) => text.split(','))
    .map((text) => globMatcher(text.trim()));
  const filter = options.text('filter');
  const query = filter === undefined ? undefined : parseQuery(filter, { now: new Date() });
  return (event) =>
    (globs.length === 0 ||
      event.handshake !== undefined ||
      globs.some((matchesType) => matchesType(event.type ?? ''))) &&
    (query === undefined || matches(query, event));
}

/** A sink in front of another that shows only what its query matches; `/` changes the query. */
export class View {
  #query: Query | undefined;
  readonly #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** @throws HookcliError `bad-query` */
  show(query: string): void {
    this.#query = query.trim() === '' ? undefined : parseQuery(query, { now: new Date() });
  }

  readonly sink: Sink = (happening) => {
    const hidden =
      this.#query !== undefined && 'event' in happening && !matches(this.#query, happening.event);
    if (!hidden) this.#sink(happening);
  };
}
