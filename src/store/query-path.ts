import { globMatcher } from '../core/glob.ts';
import { getPath, parsePath } from '../core/json-path.ts';
import { payloadOf } from '../core/place.ts';
import type { RawRequest } from '../core/types.ts';

type Judge = (value: unknown) => boolean;

const COMPARED = /^(>=|<=|>|<)(.+)$/s;
const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/;

/**
 * What is asked of the payload at a path: `>1000`, `>=`, `<`, `<=`, `1..5` (both ends count), or a glob
 * over what stands there. Numbers are compared as numbers, all else by its letters, as ISO times can be.
 *
 * @param path as `data.object.amount`; `$.` may stand before it
 * @throws HookcliError `bad-path`
 */
export function pathTest(path: string, value: string): (request: RawRequest) => boolean {
  const steps = parsePath(path.replace(/^\$\./, ''));
  const judge = judgeOf(value);
  return (request) => judge(getPath(payloadOf(request), steps));
}

function judgeOf(value: string): Judge {
  const range = RANGE.exec(value);
  if (range !== null) {
    const [least, most] = [Number(range[1]), Number(range[2])];
    return (found) => {
      const number = numberOf(found);
      return number !== undefined && number >= least && number <= most;
    };
  }
  const compared = COMPARED.exec(value);
  if (compared !== null) return comparison(compared[1] as string, compared[2] as string);
  const matches = globMatcher(value);
  return (found) => isScalar(found) && matches(String(found));
}

function comparison(sign: string, value: string): Judge {
  const wanted = numberOf(value);
  return (found) => {
    const number = numberOf(found);
    if (number !== undefined && wanted !== undefined) return holds(sign, number - wanted);
    if (typeof found !== 'string' || wanted !== undefined) return false;
    return holds(sign, found < value ? -1 : found > value ? 1 : 0);
  };
}

function holds(sign: string, difference: number): boolean {
  if (difference === 0) return sign.endsWith('=');
  return sign.startsWith('>') ? difference > 0 : difference < 0;
}

/** Providers write amounts as numbers or as text. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^-?\d+(?:\.\d+)?$/.test(value)) return undefined;
  return Number(value);
}

const isScalar = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
