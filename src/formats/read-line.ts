import { HookcliError } from '../core/errors.ts';
import type { Provider } from '../core/types.ts';
import { isEventId } from '../store/members.ts';
import { parseEventJson } from '../store/parse-event.ts';
import { barePayload } from './bare-payload.ts';
import { assertFew, refused } from './bounds.ts';
import type { Found } from './found.ts';
import { readDelivery } from './read-delivery.ts';

type Members = Record<string, unknown>;

export interface LineOptions {
  /** The time of an event that does not tell its own. */
  readonly at: Date;
  /** Whose a payload is that does not say so itself. */
  readonly provider: Provider | undefined;
}

const SCHEMA = 1;

/** Lines of our own that tell of no request. */
const OTHER_KINDS = new Set([
  'listening',
  'trouble',
  'summary',
  'verdict',
  'provider',
  'fixture',
  'story',
  'finding',
  'report',
]);

/**
 * What a JSON line is: an event as `--json` prints it, a request in short, or a bare payload.
 *
 * @param bytes the line as it stands in the file
 * @throws HookcliError `bad-event`, or `newer-format` for lines of a hookcli newer than this one
 */
export function readLine(value: unknown, bytes: Uint8Array, options: LineOptions): Found {
  if (typeof value !== 'object' || value === null) throw refused('it is no JSON object');
  if (Array.isArray(value)) return bare(value, bytes, options);
  const members = value as Members;
  const { kind, id } = members;
  if (kind === 'event') return eventIn(members, options);
  if (kind === 'delivery' && !isRequest(members)) {
    return isEventId(id) ? { kind: 'delivery', eventId: id, value } : { kind: 'other' };
  }
  if (isRequest(members)) return requestIn(members, options);
  if (OTHER_KINDS.has(String(kind))) return { kind: 'other' };
  return bare(value, bytes, options);
}

const isRequest = ({ method, url, headers }: Members): boolean =>
  typeof method === 'string' && typeof url === 'string' && headers !== undefined;

function eventIn(members: Members, options: LineOptions): Found {
  const { schema = SCHEMA, id, deliveries = [] } = members;
  if (schema !== SCHEMA) {
    throw new HookcliError(
      'newer-format',
      `The file is of schema ${JSON.stringify(schema)?.slice(0, 20)}.`,
      {
        hint: `This hookcli knows schema ${SCHEMA}. A newer one can read it: npm install -g hookcli`,
      },
    );
  }
  if (members.headers === undefined) {
    throw refused('list --json leaves out headers and body; hookcli export prints them');
  }
  if (!isEventId(id)) return requestIn(members, options);
  if (!Array.isArray(deliveries)) throw refused('its "deliveries" are no list');
  assertFew(deliveries);
  const event = parseEventJson(withPairs(members), options.at);
  return {
    kind: 'ours',
    event,
    deliveries: deliveries.map((delivery) => readDelivery(delivery, event.at)),
  };
}

/** Of a request that was not captured here, only what it consisted of is taken over. */
function requestIn(members: Members, options: LineOptions): Found {
  const { at, method, url, headers, body, bodyBase64 } = withPairs(members);
  const event = parseEventJson({ at, method, url, headers, body, bodyBase64 }, options.at);
  return {
    kind: 'theirs',
    request: event.request,
    ...(at === undefined ? {} : { at: event.at }),
    deliveries: [],
  };
}

/** Headers may be written as an object too, with a list where one came several times. */
function withPairs(members: Members): Members {
  const { headers } = members;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return members;
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value]),
  );
  return { ...members, headers: pairs };
}

function bare(payload: object, bytes: Uint8Array, options: LineOptions): Found {
  return {
    kind: 'theirs',
    ...barePayload(payload, bytes, options.provider),
    isBare: true,
    deliveries: [],
  };
}
