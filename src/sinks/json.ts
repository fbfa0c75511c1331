import type { CapturedEvent, Delivery, Happening, Sink } from '../core/types.ts';
import { deliveryJson, eventJson } from '../store/record.ts';

/** Writes one JSON object a line; the first one says which schema they follow. */
export interface JsonLines {
  write(members: Readonly<Record<string, unknown>>): void;
}

export function jsonLines(write: (text: string) => void): JsonLines {
  let first = true;
  return {
    write({ kind, ...members }) {
      write(`${JSON.stringify(first ? { kind, schema: 1, ...members } : { kind, ...members })}\n`);
      first = false;
    },
  };
}

export interface JsonSinkOptions {
  readonly write: (text: string) => void;
}

/** Happenings as the JSON lines of the contract. */
export function jsonSink({ write }: JsonSinkOptions): Sink {
  const lines = jsonLines(write);
  return (happening) => lines.write(membersOf(happening));
}

function membersOf(happening: Happening): Record<string, unknown> {
  switch (happening.kind) {
    case 'event':
      return eventJson({ ...happening.event, deliveries: [] }, { request: true });
    case 'delivery':
      return deliveredJson(happening.event, happening.delivery);
    default:
      return { ...happening };
  }
}

function deliveredJson(event: CapturedEvent, delivery: Delivery): Record<string, unknown> {
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
