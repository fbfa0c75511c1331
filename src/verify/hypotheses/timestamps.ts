import { headerValue, headerValues, withHeader } from '../../core/headers.ts';
import type { RawRequest } from '../../core/types.ts';
import { type TimeFormat, writeTimestamp } from '../../schemes/timestamp.ts';
import type { Case, Hypothesis } from './hypothesis.ts';

interface Stamp {
  readonly header: string;
  readonly text: string;
  /** The request with another text in its place. */
  readonly replaced: (text: string) => RawRequest;
}

const IN_PROOF = /((?:^|[,;]\s*)(?:t|ts|time|timestamp)=)([^,;]*)/;

/** The timestamp of the request, in a header of its own or within that of the proof. */
function stampOf({ request, scheme }: Case): Stamp | undefined {
  for (const { in: where, name } of scheme.carriers) {
    if (where !== 'header' || headerValues(request.headers, name).length !== 1) continue;
    const value = headerValue(request.headers, name) as string;
    const replaced = (text: string): RawRequest => ({
      ...request,
      headers: withHeader(request.headers, name, text),
    });
    if (/time/i.test(name)) return { header: name, text: value.trim(), replaced };
    const found = IN_PROOF.exec(value)?.[2];
    if (found !== undefined) {
      const write = (text: string) =>
        replaced(value.replace(IN_PROOF, (_, before) => before + text));
      return { header: name, text: found.trim(), replaced: write };
    }
  }
  return undefined;
}

/**
 * The timestamp as others write it. The proof was made over the one that is there, so all the scheme
 * can tell is that it would have been of the right form.
 */
export function* timestampHypotheses(it: Case): Generator<Hypothesis> {
  const stamp = stampOf(it);
  if (stamp === undefined || stamp.text === '') return;
  yield* otherUnit(it, stamp);
  for (const [format, words] of FORMATS) {
    yield {
      cause: 'timestamp-format',
      detail: `The timestamp in the ${stamp.header} header is not ${words}, as ${it.provider.title} writes it.`,
      hint: 'Let the sender write the timestamp as the provider does, and sign just that text.',
      change: { request: stamp.replaced(writeTimestamp(it.options.at, format)) },
      isOfForm: true,
    };
  }
}

const FORMATS: readonly (readonly [TimeFormat, words: string])[] = [
  ['s', 'in Unix seconds'],
  ['rfc3339', 'a time like 2026-11-25T12:00:00Z'],
  ['ms', 'in Unix milliseconds'],
];

/** Seconds read as milliseconds make a genuine request look as old as 1970. */
export function* secondsForMilliseconds(it: Case): Generator<Hypothesis> {
  const stamp = stampOf(it);
  if (stamp !== undefined && stamp.text.length === 10) yield* otherUnit(it, stamp);
}

function* otherUnit({ provider }: Case, { header, text, replaced }: Stamp): Generator<Hypothesis> {
  if (!/^(?:\d{10}|\d{13})$/.test(text)) return;
  const isMs = text.length === 13;
  const [is, wanted] = isMs ? ['milliseconds', 'seconds'] : ['seconds', 'milliseconds'];
  yield {
    cause: 'timestamp-unit',
    detail: `The timestamp in the ${header} header is in ${is} (${text}); ${provider.title} counts ${wanted}.`,
    hint: isMs
      ? 'Let the sender write Math.floor(Date.now() / 1000), in the header and in what it signs.'
      : 'Let the sender write Date.now(), in the header and in what it signs.',
    change: { request: replaced(isMs ? text.slice(0, -3) : `${text}000`) },
    isOfForm: true,
  };
}
