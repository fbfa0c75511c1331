import type { CapturedEvent, Delivery, Happening, Sink } from '../core/types.ts';
import { deliveryJson, eventJson } from '../store/record.ts';
import { safeJson } from '../terminal/safe.ts';
import { apologyOf, steadySink, type Write } from './steady.ts';

type Members = Readonly<Record<string, unknown>>;

/** Writes one JSON object a line; the first one says which schema they follow. */
export interface JsonLines {
  write(members: Members): void;
}

export function jsonLines(write: Write): JsonLines {
  const lineOf = liner();
  return { write: (members) => write(lineOf(members)) };
}

function liner(): (members: Members) => string {
  let first = true;
  return ({ kind, ...members }) => {
    const json = JSON.stringify(first ? { kind, schema: 1, ...members } : { kind, ...members });
    first = false;
    return `${safeJson(json)}\n`;
  };
}

/** Happenings as the JSON lines of the contract. */
export function jsonSink({ write }: { readonly write: Write }): Sink {
  const lineOf = liner();
  return steadySink(
    write,
    (happening) => lineOf(membersOf(happening)),
    (happening, error) =>
      lineOf({ kind: 'trouble', code: 'bug', message: apologyOf(happening, error) }),
  );
}

function membersOf(happening: Happening): Members {
  switch (happening.kind) {
    case 'event':
      return eventJson({ ...happening.event, deliveries: [] }, { request: true });
    case 'delivery':
      return deliveredJson(happening.event, happening.delivery);
    default:
      return { ...happening };
  }
}

function deliveredJson(event: CapturedEvent, delivery: Delivery): Members {
  const { id, provider, type, eventId } = event;
  return {
    kind: 'delivery',
    id,
    provider,
    ...(type === undefined ? {} : { type }),
    ...(eventId === undefined ? {} : { eventId }),
    ...deliveryJson(delivery),
  };
}
