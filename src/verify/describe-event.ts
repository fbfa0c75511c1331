import { readPlace } from '../core/place.ts';
import type { EventPlaces, Provider, RawRequest } from '../core/types.ts';

export interface EventNames {
  type?: string;
  eventId?: string;
  deliveryId?: string;
}

/** What a request says it is: its event type and the ids its provider gave it. */
export function describeEvent(request: RawRequest, provider: Provider): EventNames {
  const found = read(request, provider.event);
  const { fallback } = provider.event;
  return fallback === undefined ? found : { ...read(request, fallback), ...found };
}

function read(request: RawRequest, places: EventPlaces): EventNames {
  const names: EventNames = {};
  const type = places.type
    .map((place) => readPlace(request, place))
    .filter((part) => part !== undefined)
    .join('.');
  if (type !== '') names.type = type;
  const eventId = readPlace(request, places.id);
  if (eventId !== undefined) names.eventId = eventId;
  const deliveryId = places.delivery && readPlace(request, places.delivery);
  if (deliveryId !== undefined) names.deliveryId = deliveryId;
  return names;
}
