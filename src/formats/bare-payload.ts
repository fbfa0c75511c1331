import { headerValue } from '../core/headers.ts';
import type { Provider, RawRequest } from '../core/types.ts';
import { findProvider } from '../providers/index.ts';
import { identifyByHeaders } from '../verify/identify.ts';
import { refused } from './bounds.ts';

export interface BarePayload {
  readonly provider: Provider;
  readonly request: RawRequest;
  /** When the provider says it happened. */
  readonly at?: Date;
}

/**
 * The request that would have brought a payload, for files that hold payloads alone, such as what
 * `stripe listen --print-json` prints. It has no signature and no header that the provider chose.
 *
 * @param bytes the payload as it stands in the file
 * @param asked whose it is, when it does not say so itself
 * @throws HookcliError `bad-event`
 */
export function barePayload(
  payload: object,
  bytes: Uint8Array,
  asked: Provider | undefined,
): BarePayload {
  const body = trimmed(bytes);
  if (isStripe(payload)) {
    const at = instantOf(payload.created);
    return { ...requestOf(findProvider('stripe') as Provider, body), ...(at && { at }) };
  }
  const headers = [['Content-Type', 'application/json']] as const;
  const provider = identifyByHeaders({ method: 'POST', url: '/', headers, body }) ?? asked;
  if (provider !== undefined) return requestOf(provider, body);
  throw refused(
    'it is a payload that does not tell whose it is; name the provider: --provider <id>',
  );
}

function requestOf(provider: Provider, body: Uint8Array): BarePayload {
  const type = headerValue(provider.headers, 'content-type') ?? 'application/json';
  const headers = [['Content-Type', /json/i.test(type) ? type : 'application/json']] as const;
  const url = `/webhook/${provider.id}`;
  return { provider, request: { method: 'POST', url, headers, body } };
}

const isBlank = (byte: number | undefined): boolean => byte !== undefined && byte <= 0x20;

function trimmed(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.length;
  while (isBlank(bytes[from])) from++;
  while (to > from && isBlank(bytes[to - 1])) to--;
  return bytes.subarray(from, to);
}

interface StripeEvent {
  readonly created?: unknown;
}

// Of both generations: https://docs.stripe.com/api/events and /api/v2/core/events (read 2026-11).
function isStripe(payload: object): payload is StripeEvent {
  const { object, id, type } = payload as Record<string, unknown>;
  if (object !== 'event' && object !== 'v2.core.event') return false;
  return typeof id === 'string' && id.startsWith('evt_') && typeof type === 'string';
}

function instantOf(created: unknown): Date | undefined {
  const at =
    typeof created === 'number' ? new Date(created * 1_000) : new Date(String(created ?? ''));
  return at.getTime() >= 0 ? at : undefined;
}
