import { payloadOf, placeReader } from '../core/place.ts';
import type { EventPlaces, Place, Provider, RawRequest } from '../core/types.ts';

export interface EventNames {
  type?: string;
  eventId?: string;
  deliveryId?: string;
}

/** What a request says it is: its event type and the ids its provider gave it. */
export function describeEvent(request: RawRequest, provider: Provider): EventNames {
  const read = placeReader(request);
  const names = namesAt(provider.event, request, read);
  let { fallback } = provider.event;
  for (; fallback !== undefined; fallback = fallback.fallback) {
    for (const [name, value] of Object.entries(namesAt(fallback, request, read))) {
      names[name as keyof EventNames] ??= value;
    }
  }
  return names;
}

function namesAt(
  { type: places, typeOf, id, delivery }: EventPlaces,
  request: RawRequest,
  read: (place: Place) => string | undefined,
): EventNames {
  const names: EventNames = {};
  let type = typeOf?.(payloadOf(request), read);
  for (const place of places) {
    const part = read(place);
    if (part !== undefined) type = type === undefined ? part : `${type}.${part}`;
  }
  if (type !== undefined && type !== '') names.type = type;
  const eventId = id && read(id);
  if (eventId !== undefined) names.eventId = eventId;
  const deliveryId = delivery && read(delivery);
  if (deliveryId !== undefined) names.deliveryId = deliveryId;
  return names;
}
