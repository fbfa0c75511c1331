import { HookcliError } from '../core/errors.ts';
import { isForm, payloadOf, writeHeaderPlace, writePlace } from '../core/place.ts';
import type { CapturedEvent, Provider, RawRequest } from '../core/types.ts';
import { type Edit, renderPayload } from '../fixtures/render.ts';
import { signRequest } from '../verify/sign.ts';
import { notJson } from './compose.ts';

export interface ResignOptions {
  readonly provider: Provider;
  readonly secret: string;
  readonly at: Date;
  readonly edits: readonly Edit[];
  /** Makes it another event; absent, it stays the event it was. */
  readonly newEventId?: string;
  /** The address the provider knows, where the signature covers it; the captured one when absent. */
  readonly publicUrl?: string;
}

/**
 * A captured request signed afresh: as a new delivery of the same event, or as a new event. The body
 * stays as it is, byte for byte, unless something in it is to change.
 *
 * @throws HookcliError for edits that do not fit, or a body without fields to edit
 */
export function resign(event: CapturedEvent, options: ResignOptions): RawRequest {
  const { provider, secret, at, newEventId, publicUrl } = options;
  let request = event.request;
  for (const { carriers } of provider.schemes) {
    for (const place of carriers) {
      // What lies in the body is written over: the scheme knows which of it is the event's own.
      if (place.in === 'header' || place.in === 'query') {
        request = writePlace(request, place, undefined);
      }
    }
  }
  const edits = [...options.edits];
  const { id, delivery } = provider.event;
  if (newEventId !== undefined) {
    if (id?.in === 'json') edits.unshift({ set: id.name, value: newEventId });
    request = writeHeaderPlace(request, id, newEventId);
    if (delivery !== undefined) request = writeHeaderPlace(request, delivery, newEventId);
  }
  if (edits.length > 0) request = { ...request, body: editedBody(request, edits, provider) };
  const eventId = newEventId ?? event.eventId ?? event.id;
  const address = publicUrl === undefined ? {} : { publicUrl };
  return signRequest(request, provider, { secret, eventId, at, ...address });
}

function editedBody(request: RawRequest, edits: readonly Edit[], provider: Provider): Buffer {
  const payload = payloadOf(request);
  if (payload === undefined) throw notJson('it cannot be parsed', 'so its fields cannot be set');
  const { body } = renderPayload(payload, { edits, style: provider.bodyStyle });
  if (!isForm(request)) return body;
  const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  form.set('payload', body.toString('utf8'));
  return Buffer.from(form.toString(), 'utf8');
}

/** The provider of an event, for what only a known one can do. */
export function knownProvider(event: CapturedEvent, provider: Provider | undefined): Provider {
  if (provider !== undefined) return provider;
  throw new HookcliError(
    'unknown-provider',
    `${event.id} is from an unknown provider, so it cannot be signed again.`,
    { hint: 'Replay its exact bytes: leave out --resign, --set, --unset and --new-id.' },
  );
}
