import { isUtf8 } from 'node:buffer';
import type { CapturedEvent, Delivery, RecordedEvent, Verdict } from '../core/types.ts';

export type EventState = 'captured' | 'delivered' | 'failed';

/** How a delivery ended: the last attempt counts. */
export interface DeliveryEnd {
  readonly status?: number;
  readonly failure?: string;
  /** From the start of the first attempt to the end of the last, in milliseconds. */
  readonly ms: number;
}

export function deliveryEnd(delivery: Delivery): DeliveryEnd {
  const first = delivery.attempts[0];
  const last = delivery.attempts.at(-1);
  if (first === undefined || last === undefined) return { ms: 0 };
  const waited = last.startedAt.getTime() - first.startedAt.getTime();
  const ms = Math.round((Math.max(0, waited) + last.durationMs) * 1_000) / 1_000;
  return last.outcome.kind === 'answered'
    ? { status: last.outcome.status, ms }
    : { failure: last.outcome.failure, ms };
}

/** What became of an event: nothing yet, or how its last delivery ended. */
export function stateOf(event: RecordedEvent): EventState {
  const last = event.deliveries.at(-1);
  if (last === undefined) return 'captured';
  const { status } = deliveryEnd(last);
  return status !== undefined && status >= 200 && status < 300 ? 'delivered' : 'failed';
}

let lastMs = Number.NaN;
let lastTime = '';

/** ISO 8601, kept for the next one: a busy listener has several in a millisecond, at 0.6 µs each. */
export function isoTime(at: Date): string {
  const ms = at.getTime();
  if (ms !== lastMs) {
    lastTime = at.toISOString();
    lastMs = ms;
  }
  return lastTime;
}

type Members = Record<string, unknown>;

/** Sets a member that has a value; spreading would do too, at twice the time for each event. */
function put(members: Members, name: string, value: unknown): void {
  if (value !== undefined) members[name] = value;
}

function verdictJson(verdict: Verdict): Members {
  const { status, scheme, reason, detail, hint } = verdict as Verdict & Members;
  const members: Members = { status };
  put(members, 'scheme', scheme);
  put(members, 'reason', reason);
  put(members, 'detail', detail);
  put(members, 'hint', hint);
  return members;
}

/** The members of an event up to its body, as they stand in a line of the store and in `--json`. */
export function eventHead(
  event: CapturedEvent,
  options: { readonly request: boolean; readonly state?: EventState },
): Members {
  const { id, at, provider, source, request } = event;
  const members: Members = { kind: 'event', id, at: isoTime(at), provider };
  put(members, 'type', event.type);
  put(members, 'eventId', event.eventId);
  put(members, 'deliveryId', event.deliveryId);
  put(members, 'handshake', event.handshake);
  members.source = source;
  put(members, 'state', options.state);
  members.verdict = verdictJson(event.verdict);
  put(members, 'duplicateOf', event.duplicateOf);
  members.method = request.method;
  members.url = request.url;
  if (options.request) members.headers = request.headers;
  return members;
}

/** Bytes as JSON carries them: text where they are valid UTF-8, base64 otherwise. */
export function bodyJson(body: Uint8Array): { body: string } | { bodyBase64: string } {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return isUtf8(bytes)
    ? { body: bytes.toString('utf8') }
    : { bodyBase64: bytes.toString('base64') };
}

/** A delivery in one object: `attempts` counts them, status or failure are those of the last. */
export function deliveryJson(delivery: Delivery): Members {
  const { status, failure, ms } = deliveryEnd(delivery);
  const members: Members = { cause: delivery.cause, endpoint: delivery.endpoint };
  put(members, 'status', status);
  put(members, 'failure', failure);
  members.ms = ms;
  members.attempts = delivery.attempts.length;
  return members;
}

/**
 * An event as every `--json` output shows it.
 *
 * @param options.request false leaves headers and body out
 */
export function eventJson(event: RecordedEvent, options: { readonly request: boolean }): Members {
  return {
    ...eventHead(event, { request: options.request, state: stateOf(event) }),
    ...(options.request ? bodyJson(event.request.body) : {}),
    ...(event.pinned ? { pinned: true } : {}),
    deliveries: event.deliveries.map(deliveryJson),
  };
}
