import { HookcliError } from '../core/errors.ts';
import { withHeader, withoutHeader } from '../core/headers.ts';
import { parsePath, setPath } from '../core/json-path.ts';
import { isForm, payloadOf, writeHeaderPlace } from '../core/place.ts';
import type { Header, Provider, Random, RawRequest } from '../core/types.ts';
import type { FixtureForm } from '../fixtures/read.ts';
import {
  type Edit,
  fillText,
  type HoleValues,
  type OnWarning,
  type RenderContext,
  renderContext,
  renderFixture,
  renderPayload,
} from '../fixtures/render.ts';
import { describeEvent } from '../verify/describe-event.ts';

const FORM = 'application/x-www-form-urlencoded';

/** A fixture's template and how it becomes a body, or the user's own bytes, which go out as they are. */
export type Content =
  | { readonly template: unknown; readonly form?: FixtureForm }
  | { readonly bytes: Buffer };

export interface ComposeOptions {
  readonly provider: Provider;
  /** The event's name, such as `pull_request.opened`. */
  readonly event: string;
  readonly content: Content;
  readonly edits?: readonly Edit[];
  /** Hears of edits that may be slips. */
  readonly onWarning?: OnWarning | undefined;
  /** What the events of one story have in common: see `ContextOptions`. */
  readonly shared?: HoleValues | undefined;
  /** The event's id; a fresh one in the provider's format when absent. */
  readonly eventId?: string;
  /** Times in body and headers are near this one. */
  readonly at: Date;
  readonly random: Random;
  readonly method?: string;
  /** Absolute address the request goes to. */
  readonly url: string;
  /** Set on top of the provider's own; an empty value removes. */
  readonly headers?: readonly Header[];
  /** Send `payload=<urlencoded JSON>`, where the provider can. */
  readonly form?: boolean;
}

/**
 * The request a provider would deliver for an event, complete but for the signature.
 *
 * @throws HookcliError for edits that do not fit, or a body that is not JSON where it must be
 */
export function composeRequest(options: ComposeOptions): RawRequest & { eventId: string } {
  const { provider, event, random, at } = options;
  const eventId = options.eventId ?? ownEventId(options) ?? provider.eventId(random);
  const context = renderContext({
    at,
    random,
    type: event,
    eventId,
    ...(options.shared === undefined ? {} : { shared: options.shared }),
  });
  const body = composeBody(options, context);
  let request: RawRequest = {
    method: options.method ?? 'POST',
    url: options.url,
    headers: [
      ['Host', new URL(options.url).host],
      ...[...provider.headers, ...(provider.headersOf?.(event) ?? [])].map<Header>(
        ([name, value]) => [name, fillText(value, context)],
      ),
    ],
    body,
  };
  request = writeEventPlaces(request, provider, event, eventId);
  const { content } = options;
  const form = 'template' in content ? content.form : undefined;
  if (options.form || form === 'payload') request = asForm(request);
  if (form === 'form') request = asFields(request);
  let { headers } = request;
  for (const [name, value] of options.headers ?? []) {
    headers = value === '' ? withoutHeader(headers, name) : withHeader(headers, name, value);
  }
  return { ...request, headers: [...headers], eventId };
}

/** The id that the user's own payload already carries. */
function ownEventId({ content, provider }: ComposeOptions): string | undefined {
  if (!('bytes' in content)) return undefined;
  const request = { method: 'POST', url: '/', headers: provider.headers, body: content.bytes };
  const { eventId } = describeEvent(request, provider);
  return eventId?.includes('{{') ? undefined : eventId;
}

function composeBody(options: ComposeOptions, context: RenderContext): Buffer {
  const { content, provider, edits = [], eventId, onWarning } = options;
  const rendering = { edits, onWarning, style: provider.bodyStyle };
  if ('template' in content) return renderFixture(content.template, { context, ...rendering }).body;
  const place = provider.event.id;
  const idPath = eventId !== undefined && place?.in === 'json' ? parsePath(place.name) : undefined;
  if (edits.length === 0 && idPath === undefined) return content.bytes;
  // Only an edit the user asked for makes us write the user's JSON anew.
  let payload: unknown;
  try {
    payload = JSON.parse(content.bytes.toString('utf8'));
  } catch (error) {
    throw notJson(error, 'so its fields cannot be set');
  }
  if (idPath !== undefined) setPath(payload, idPath, eventId);
  return renderPayload(payload, rendering).body;
}

export function notJson(error: unknown, consequence: string): HookcliError {
  const why = error instanceof Error ? error.message : String(error);
  return new HookcliError('bad-json', `The payload is not JSON, ${consequence}: ${why}`, {
    hint: 'Mend it, or send it as it is with -H "Content-Type: text/plain".',
  });
}

/** Puts the event's name and id where the provider has them in headers. */
function writeEventPlaces(
  request: RawRequest,
  provider: Provider,
  event: string,
  eventId: string,
): RawRequest {
  const { type, id, delivery } = provider.event;
  const parts = event.split('.');
  let written = request;
  for (const [i, place] of type.entries()) {
    const part = i === type.length - 1 ? parts.slice(i).join('.') : parts[i];
    if (part) written = writeHeaderPlace(written, place, part);
  }
  written = writeHeaderPlace(written, id, eventId);
  return delivery === undefined ? written : writeHeaderPlace(written, delivery, eventId);
}

function asForm(request: RawRequest): RawRequest {
  if (isForm(request)) return request;
  const form = new URLSearchParams({ payload: Buffer.from(request.body).toString('utf8') });
  return {
    ...request,
    headers: withHeader(request.headers, 'Content-Type', FORM),
    body: Buffer.from(form.toString(), 'utf8'),
  };
}

/** The members of the JSON as the fields of a form; of a list, a field for each. */
function asFields(request: RawRequest): RawRequest {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(payloadOf(request) as Record<string, unknown>)) {
    for (const one of [value].flat()) fields.append(name, String(one));
  }
  return {
    ...request,
    headers: withHeader(request.headers, 'Content-Type', FORM),
    body: Buffer.from(fields.toString(), 'utf8'),
  };
}
