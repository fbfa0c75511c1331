import { HookcliError } from '../core/errors.ts';
import { LIMITS } from '../core/limits.ts';
import type { CapturedEvent } from '../core/types.ts';

const MOST_HEADERS = 2_000;
const LONGEST_URL = 64 * 1_024;
const LONGEST_NAME = 1_000;
const MOST_DELIVERIES = 1_000;
/** Years that a time in ISO 8601 and the id of an event can hold. */
const LATEST_MS = Date.UTC(9_999, 11, 31);
const PROVIDER_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** JSON takes six letters for a control character, so a text in it may be that much longer. */
export const longestText = (maxBodyBytes: number): number => 6 * maxBodyBytes + 4 * 1_048_576;

/**
 * Refuses an event from outside that is larger than one that could have been received.
 *
 * @throws HookcliError `bad-event`, saying what is too large
 */
export function assertBounded(event: CapturedEvent, maxBodyBytes: number): void {
  const { request, at, provider, type, eventId, deliveryId, handshake } = event;
  const { headers, body, url } = request;
  if (body.length > maxBodyBytes) {
    throw tooLarge(
      `a body of ${body.length} bytes`,
      `Take it all the same: --max-body ${body.length}`,
    );
  }
  const headerBytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (headers.length > MOST_HEADERS || headerBytes > LIMITS.answerHeadersBytes) {
    throw tooLarge(`${headers.length} headers of ${headerBytes} bytes`);
  }
  if (url.length > LONGEST_URL) throw tooLarge(`a URL of ${url.length} characters`);
  for (const name of [type, eventId, deliveryId, handshake, event.duplicateOf, request.method]) {
    if (name !== undefined && name.length > LONGEST_NAME) {
      throw tooLarge(`a name of ${name.length} characters`);
    }
  }
  if (!PROVIDER_ID.test(provider)) throw refused('its "provider" is not the id of one');
  if (!(at.getTime() >= 0 && at.getTime() <= LATEST_MS)) {
    throw refused('its "at" lies before 1970 or after 9999');
  }
}

/** @throws HookcliError `bad-event` */
export function assertFew(deliveries: readonly unknown[]): void {
  if (deliveries.length > MOST_DELIVERIES) throw tooLarge(`${deliveries.length} deliveries`);
}

const tooLarge = (what: string, hint = 'Nothing that large was ever received.'): HookcliError =>
  new HookcliError('bad-event', `Not taken: an event with ${what}.`, { hint });

/** An event from outside that cannot be taken, and why. */
export const refused = (why: string, cause?: unknown): HookcliError =>
  new HookcliError('bad-event', `Not taken: ${why}.`, {
    hint: 'hookcli export --format json shows how one is written.',
    cause,
  });
