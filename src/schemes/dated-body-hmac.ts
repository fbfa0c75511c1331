import { inJson, readPlace, writePlace } from '../core/place.ts';
import type { Scheme, Verdict } from '../core/types.ts';
import { type HmacOptions, hmac } from './hmac.ts';
import { outsideTolerance, readTimestamp } from './timestamp.ts';
import { rejected } from './verdicts.ts';

export interface DatedBodyHmacOptions extends Omit<HmacOptions, 'timestamp'> {
  /** Path of the field that holds the time of the delivery, in Unix milliseconds. */
  readonly field: string;
  readonly toleranceMs: number;
  readonly refuseEarly: boolean;
  /** True where the provider compares milliseconds; most compare whole seconds. */
  readonly exact?: boolean;
}

/** HMAC over a JSON body, a field of which says when it was sent. */
export function datedBodyHmac(options: DatedBodyHmacOptions): Scheme {
  const { id, field, refuseEarly, exact = false, toleranceMs: defaultToleranceMs } = options;
  const undated = hmac(options);
  const place = inJson(field);
  return {
    ...undated,
    covers: `${undated.covers}, in which ${field} is the time`,
    carriers: [...undated.carriers, place],
    toleranceMs: defaultToleranceMs,
    sign: (request, signing) =>
      undated.sign(writePlace(request, place, signing.at.getTime()), signing),

    async verify(request, verifying): Promise<Verdict> {
      const verdict = await undated.verify(request, verifying);
      if (verdict.status !== 'verified') return verdict;
      const text = readPlace(request, place);
      if (text === undefined) {
        return rejected(id, 'missing', `There is no ${field} in the body.`);
      }
      const time = readTimestamp(text, 'ms', `the ${field} of the body`, id);
      if ('status' in time) return time;
      const { at, toleranceMs = defaultToleranceMs } = verifying;
      const age = { signedAtMs: time.ms, at, toleranceMs, refuseEarly, exact };
      return outsideTolerance(id, age) ?? verdict;
    },
  };
}
