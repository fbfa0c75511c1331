import { HookcliError } from '../core/errors.ts';
import type { CapturedEvent, Header, RawRequest, Source, Verdict } from '../core/types.ts';

/** The ids we make, and the only ones that ever become part of a file name. */
const EVENT_ID = /^evt_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export type Members = Record<string, unknown>;

export const isEventId = (text: unknown): text is string =>
  typeof text === 'string' && EVENT_ID.test(text);

/** Ids become file names, so only those of our own making are taken. */
export function requireEventId(id: string): void {
  if (EVENT_ID.test(id)) return;
  throw new HookcliError('bad-event', `"${id.slice(0, 60)}" is not the id of a captured event.`, {
    hint: 'Ids are evt_ and 26 letters and digits, as capturedId() makes them.',
  });
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function refuse(member: string, expected: string, value: unknown): never {
  const shown = (JSON.stringify(value) ?? 'nothing').slice(0, 60);
  throw new HookcliError('bad-event', `An event's "${member}" must be ${expected}, not ${shown}.`, {
    hint: 'A line reads {"method","url","headers":[["name","value"]],"body" or "bodyBase64"}, as hookcli export --format json writes it.',
  });
}

export function text(members: Members, name: string): string {
  const value = members[name];
  return typeof value === 'string' ? value : refuse(name, 'text', value);
}

export function optionalText(members: Members, name: string): Record<string, string> {
  return members[name] === undefined ? {} : { [name]: text(members, name) };
}

export function number(members: Members, name: string): number {
  const value = members[name];
  return typeof value === 'number' && value >= 0 ? value : refuse(name, 'a number', value);
}

export function instant(members: Members, name: string): Date {
  const at = new Date(text(members, name));
  return Number.isNaN(at.getTime()) ? refuse(name, 'an ISO time', members[name]) : at;
}

export function objectOf(value: unknown, member = 'line'): Members {
  return isMembers(value) ? value : refuse(member, 'an object', value);
}

export function headersOf(value: unknown): Header[] {
  if (!Array.isArray(value)) refuse('headers', 'a list of [name, value] pairs', value);
  return value.map((pair: unknown): Header => {
    if (Array.isArray(pair) && pair.length === 2) {
      const [name, content] = pair as unknown[];
      if (typeof name === 'string' && typeof content === 'string') return [name, content];
    }
    return refuse('headers', 'a list of [name, value] pairs', pair);
  });
}

/** The bytes of `body` (text) or `bodyBase64`; none when neither is there. */
export function bodyOf(members: Members): Buffer {
  if (members.bodyBase64 === undefined) {
    return members.body === undefined
      ? Buffer.alloc(0)
      : Buffer.from(text(members, 'body'), 'utf8');
  }
  const base64 = text(members, 'bodyBase64');
  return BASE64.test(base64)
    ? Buffer.from(base64, 'base64')
    : refuse('bodyBase64', 'base64', base64);
}

const REASONS: Record<string, ReadonlySet<unknown>> = {
  rejected: new Set([
    'missing',
    'malformed',
    'ambiguous',
    'mismatch',
    'stale',
    'early',
    'downgrade',
  ]),
  unchecked: new Set(['no-secret', 'unknown-provider', 'handshake']),
};

function verdictOf(value: unknown): Verdict {
  if (value === undefined) {
    return {
      status: 'unchecked',
      reason: 'no-secret',
      detail: 'It was imported without a verdict.',
    };
  }
  const members = objectOf(value, 'verdict');
  const texts = {
    ...optionalText(members, 'scheme'),
    ...optionalText(members, 'detail'),
    ...optionalText(members, 'hint'),
  };
  const { status, reason } = members;
  if (status === 'verified' && texts.scheme !== undefined) {
    return { ...texts, status } as Verdict;
  }
  const complete = status !== 'rejected' || texts.scheme !== undefined;
  if (!complete || texts.detail === undefined || !REASONS[String(status)]?.has(reason)) {
    refuse('verdict', 'a verdict of verified, rejected or unchecked', value);
  }
  return { ...texts, status, reason } as Verdict;
}

/** An event from the members of a line of our own; only the body comes from elsewhere. */
export function eventOf(members: Members, request: RawRequest): CapturedEvent {
  const source = members.source ?? 'imported';
  if (source !== 'received' && source !== 'sent' && source !== 'imported') {
    refuse('source', 'received, sent or imported', source);
  }
  return {
    id: text(members, 'id'),
    at: instant(members, 'at'),
    source: source satisfies Source,
    provider: members.provider === undefined ? 'unknown' : text(members, 'provider'),
    ...optionalText(members, 'type'),
    ...optionalText(members, 'eventId'),
    ...optionalText(members, 'deliveryId'),
    ...optionalText(members, 'handshake'),
    verdict: verdictOf(members.verdict),
    ...optionalText(members, 'duplicateOf'),
    request,
  };
}
