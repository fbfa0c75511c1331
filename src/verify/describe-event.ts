import { placeReader } from '../core/place.ts';
import type { EventPlaces, Place, Provider, RawRequest } from '../core/types.ts';

export interface EventNames {
  type?: string;
  eventId?: string;
  deliveryId?: string;
}

/** What a request says it is: its event type and the ids its provider gave it. */
export function describeEvent(request: RawRequest, provider: Provider): EventNames {
  const read = placeReader(request);
  const found = namesAt(provider.event, read);
  const { fallback } = provider.event;
  return fallback === undefined ? found : { ...namesAt(fallback, read), ...found };
}

function namesAt(places: EventPlaces, read: (place: Place) => string | undefined): EventNames {
  const names: EventNames = {};
  let type: string | undefined;
  for (const place of places.type) {
    const part = read(place);
    if (part !== undefined) type = type === undefined ? part : `${type}.${part}`;
  }
  if (type !== undefined && type !== '') names.type = type;
  const eventId = read(places.id);
  if (eventId !== undefined) names.eventId = eventId;
  const deliveryId = places.delivery && read(places.delivery);
  if (deliveryId !== undefined) names.deliveryId = deliveryId;
  return names;
}
