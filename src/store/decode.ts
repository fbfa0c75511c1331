import type {
  Attempt,
  CapturedEvent,
  Cause,
  Delivery,
  Failure,
  RawRequest,
} from '../core/types.ts';
import type { BodyFile } from './bodies.ts';
import {
  bodyOf,
  eventOf,
  headersOf,
  instant,
  type Members,
  number,
  objectOf,
  optionalText,
  text,
} from './members.ts';

const parse = (bytes: Buffer): Members => objectOf(JSON.parse(bytes.toString('utf8')));

/**
 * The event of a whole record. A large body is read when it is first looked at.
 *
 * @param readLarge reads the body that lies beside the record
 */
export function decodeEvent(bytes: Buffer, readLarge: (file: BodyFile) => Buffer): CapturedEvent {
  const members = parse(bytes);
  const method = text(members, 'method');
  const url = text(members, 'url');
  const headers = headersOf(members.headers);
  if (members.bodyFile === undefined) {
    return eventOf(members, { method, url, headers, body: bodyOf(members) });
  }
  const file = {
    name: text(members, 'bodyFile'),
    bytes: number(members, 'bodyBytes'),
    crc: text(members, 'bodyCrc'),
  };
  let body: Buffer | undefined;
  const request: RawRequest = {
    method,
    url,
    headers,
    get body() {
      body ??= readLarge(file);
      return body;
    },
  };
  return eventOf(members, request);
}

function attemptOf(value: unknown): Attempt {
  const members = objectOf(value, 'attempts');
  const startedAt = instant(members, 'startedAt');
  const durationMs = number(members, 'ms');
  if (members.failure !== undefined) {
    const { message = '' } = optionalText(members, 'message');
    const failure = text(members, 'failure') as Failure;
    return { startedAt, durationMs, outcome: { kind: 'failed', failure, message } };
  }
  const answer = { status: number(members, 'status'), headers: headersOf(members.headers) };
  return { startedAt, durationMs, outcome: { kind: 'answered', ...answer, body: bodyOf(members) } };
}

/** The delivery of a whole record. */
export function decodeDelivery(bytes: Buffer): Delivery {
  const members = parse(bytes);
  const attempts = Array.isArray(members.attempts) ? members.attempts : [];
  return {
    cause: text(members, 'cause') as Cause,
    endpoint: text(members, 'endpoint'),
    attempts: attempts.map(attemptOf),
  };
}
