import { parseDuration } from '../core/clock.ts';
import { HookcliError } from '../core/errors.ts';
import { hex, uuid } from '../core/ids.ts';
import { parsePath } from '../core/json-path.ts';
import { nearest } from '../core/nearest.ts';
import type { EventPlaces, Place, Provider } from '../core/types.ts';
import { defineProvider } from '../providers/define-provider.ts';
import type { Part } from '../schemes/content.ts';
import { type HmacOptions, hmac } from '../schemes/hmac.ts';
import { FIVE_MINUTES } from '../schemes/timestamp.ts';

/** A member of the settings file. */
export interface At {
  readonly name: string;
  readonly file: string;
}

const below = ({ name, file }: At, member: string): At => ({ name: `${name}.${member}`, file });

/** A member that is not as it must be. */
export function wrong({ name, file }: At, value: unknown, wanted: string): HookcliError {
  const is = value === undefined ? 'is missing' : `is ${JSON.stringify(value).slice(0, 80)}`;
  return new HookcliError('bad-provider', `${name} in ${file} ${is}; it must be ${wanted}.`, {
    hint: 'For example: {"id": "acme", "header": "X-Acme-Signature", "prefix": "sha256="}',
  });
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown, at: At, known: readonly string[], wanted: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(at, value, wanted);
  }
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    if (/^secrets?$/.test(name)) {
      throw new HookcliError(
        'secret-in-project',
        `${at.file} holds "${at.name}.${name}", but it is committed with the project.`,
        { hint: 'Name a variable instead: "secretEnv": "ACME_WEBHOOK_SECRET"' },
      );
    }
    const [guess] = nearest(name, known);
    throw new HookcliError('bad-provider', `${at.name} in ${at.file} has no member "${name}".`, {
      hint: guess === undefined ? `Possible: ${known.join(', ')}.` : `Did you mean "${guess}"?`,
    });
  }
  return value as Members;
}

function text(members: Members, name: string, at: At, pattern: RegExp, wanted: string) {
  const value = members[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw wrong(below(at, name), value, wanted);
}

function oneOf<T extends string>(members: Members, name: string, at: At, allowed: readonly T[]) {
  const value = members[name];
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw wrong(below(at, name), value, `one of ${allowed.join(', ')}`);
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const A_HEADER = "a header's name, such as X-Acme-Signature";
const MEMBERS = [
  'id',
  'title',
  'docs',
  'header',
  'algorithm',
  'encoding',
  'prefix',
  'template',
  'timestamp',
  'event',
  'secretEnv',
];

/**
 * A provider that signs in a plain way, from how the settings declare it.
 *
 * @throws HookcliError `bad-provider`, naming the member that is wrong
 */
export function declaredProvider(row: unknown, at: At): Provider {
  const members = membersOf(row, at, MEMBERS, 'an object, or the path of a module');
  const id = text(members, 'id', at, /^[a-z0-9][a-z0-9-]*$/, 'lower-case words with hyphens');
  if (id === undefined) throw wrong(below(at, 'id'), undefined, 'lower-case words with hyphens');
  const header = text(members, 'header', at, TOKEN, A_HEADER);
  if (header === undefined) throw wrong(below(at, 'header'), undefined, A_HEADER);
  const variable = text(members, 'secretEnv', at, /^[A-Za-z_]\w*$/, "a variable's name");
  const env = variable ?? `${id.replaceAll('-', '_').toUpperCase()}_WEBHOOK_SECRET`;
  return defineProvider({
    id,
    title: text(members, 'title', at, /\S/, 'a name for people') ?? id,
    docs:
      text(members, 'docs', at, /^https:\/\/./, 'an https:// address') ??
      'https://webhooks.fyi/security/hmac',
    schemes: [hmac({ id, header, ...schemeOptions(members, at) })],
    secret: {
      env: [env],
      kind: 'shared secret, any text',
      generate: (random) => hex(64, random),
    },
    identify: { headers: { [header.toLowerCase()]: true } },
    event: eventPlaces(members.event, below(at, 'event')),
    eventId: uuid,
    headers: [
      ['User-Agent', 'hookcli'],
      ['Accept', '*/*'],
      ['Content-Type', 'application/json'],
    ],
    retries: { kind: 'none' },
    bodyStyle: 'compact',
  });
}

function schemeOptions(members: Members, at: At): Partial<HmacOptions> {
  const algorithm = oneOf(members, 'algorithm', at, ['sha1', 'sha256', 'sha512']);
  const encoding = oneOf(members, 'encoding', at, ['hex', 'base64']);
  const prefix = text(members, 'prefix', at, /^[\x20-\x7e]*$/, 'text, such as sha256=');
  const timestamp = timestampOf(members.timestamp, below(at, 'timestamp'));
  const whole = timestamp === undefined ? '{body}' : '{timestamp}.{body}';
  const template = text(members, 'template', at, /\S/, `text, such as ${whole}`) ?? whole;
  const signs = partsOf(template, below(at, 'template'));
  if (signs.includes('timestamp') !== (timestamp !== undefined)) {
    throw timestamp === undefined
      ? wrong(below(at, 'timestamp'), undefined, 'there, since the template has a {timestamp}')
      : wrong(below(at, 'template'), template, 'a text with {timestamp}, or nobody signs the time');
  }
  return {
    signs,
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

function timestampOf(value: unknown, at: At): HmacOptions['timestamp'] {
  if (value === undefined) return undefined;
  const members = membersOf(value, at, ['header', 'format', 'tolerance'], 'an object');
  const header = text(members, 'header', at, TOKEN, A_HEADER);
  if (header === undefined) throw wrong(below(at, 'header'), undefined, A_HEADER);
  const format = oneOf(members, 'format', at, ['s', 'ms', 'rfc3339']) ?? 's';
  const tolerance = text(members, 'tolerance', at, /\S/, 'a length of time, such as 5m');
  const where = `${at.name}.tolerance in ${at.file}`;
  const toleranceMs = tolerance === undefined ? FIVE_MINUTES : parseDuration(tolerance, where);
  return { header, format, toleranceMs, refuseEarly: true };
}

/** `{timestamp}.{body}` as the pieces that are signed. */
function partsOf(template: string, at: At): Part[] {
  // At odd places stand the holes, without their braces.
  return template.split(/\{([^{}]*)\}/).flatMap((piece, i): Part[] => {
    if (i % 2 === 0) return piece === '' ? [] : [{ text: piece }];
    if (piece === 'body' || piece === 'timestamp' || piece === 'method' || piece === 'url') {
      return [piece];
    }
    const [, header] = /^header:(.+)$/.exec(piece) ?? [];
    if (header !== undefined && TOKEN.test(header)) return [{ header }];
    const wanted = 'a text with holes such as {timestamp}, {body}, {method}, {url}, {header:X-Id}';
    throw wrong(at, template, wanted);
  });
}

function eventPlaces(value: unknown, at: At): EventPlaces {
  const places = value ?? { type: 'json:type', id: 'json:id' };
  const members = membersOf(places, at, ['type', 'id'], 'an object with type and id');
  const type = placeOf(members.type, below(at, 'type'));
  if (type === undefined) throw wrong(below(at, 'type'), undefined, A_PLACE);
  const id = placeOf(members.id, below(at, 'id'));
  return { type: [type], ...(id === undefined ? {} : { id }) };
}

const A_PLACE = 'a place such as json:type or header:X-Event';

function placeOf(value: unknown, at: At): Place | undefined {
  if (value === undefined) return undefined;
  const [, where, name = ''] = /^(header|json|form|query):(.+)$/.exec(String(value)) ?? [];
  if (where === undefined || (where === 'header' && !TOKEN.test(name))) {
    throw wrong(at, value, A_PLACE);
  }
  if (where === 'json') parsePath(name);
  return { in: where as Place['in'], name };
}
