import { headerValues } from '../core/headers.ts';
import { placeReader } from '../core/place.ts';
import type { Identify, Place, Provider, RawRequest } from '../core/types.ts';
import { findProvider, providers } from '../providers/index.ts';

/**
 * The provider a request comes from: the one its path names (`/webhook/<id>`, `/webhooks/<id>` or
 * `/<id>/…`), else the one its headers betray. Undefined when nobody recognises it.
 */
export function identify(request: RawRequest): Provider | undefined {
  return identifyByPath(request.url) ?? identifyByHeaders(request);
}

/** What nearly every sender asks for; to make a URL of it takes ten times as long. */
const PLAIN_PATH = /^\/([\w-]*)(?:\/([\w-]*)(?:[/?].*)?|\?.*)?$/;

export function identifyByPath(url: string): Provider | undefined {
  const plain = PLAIN_PATH.exec(url);
  const [first = '', second = ''] = plain === null ? pathSegments(url) : plain.slice(1);
  if (first === 'webhook' || first === 'webhooks') return findProvider(second);
  return findProvider(first);
}

function pathSegments(url: string): string[] {
  try {
    const { pathname } = new URL(url, 'http://localhost');
    return pathname.split('/').slice(1, 3).map(decodeURIComponent);
  } catch {
    // A target such as `//` or `/%zz` names nobody; it is still captured as it is.
    return [];
  }
}

interface Look {
  readonly provider: Provider;
  readonly identify: Identify;
  /** How much it asks for. */
  readonly asks: number;
}

function alternatives(identify: Identify): Identify[] {
  return [identify, ...(identify.or === undefined ? [] : alternatives(identify.or))];
}

const asksFor = ({ headers, body = [] }: Identify): number =>
  Object.keys(headers).length + body.length;

const isBodyOnly = ({ headers }: Identify): boolean => Object.keys(headers).length === 0;

let looks: readonly Look[] = [];
let counted = 0;

/** Those known by their body alone come last: to look into every body would cost every request. */
function allLooks(): readonly Look[] {
  // A provider may be registered while we run.
  if (counted === providers.length) return looks;
  counted = providers.length;
  looks = providers
    .flatMap((provider) =>
      alternatives(provider.identify).map((identify) => ({ provider, identify })),
    )
    .map((look) => ({ ...look, asks: asksFor(look.identify) }))
    .sort((a, b) => Number(isBodyOnly(a.identify)) - Number(isBodyOnly(b.identify)));
  return looks;
}

/** Of several that fit, the one that asks for the most knows best. */
export function identifyByHeaders(request: RawRequest): Provider | undefined {
  let best: Look | undefined;
  const read = lazyReader(request);
  for (const look of allLooks()) {
    if (best !== undefined && (look.asks <= best.asks || isBodyOnly(look.identify))) continue;
    if (fits(request, look.identify, read)) best = look;
  }
  return best?.provider;
}

type Read = (place: Place) => string | undefined;

/** One reader for all that look into the body, made when the first one does. */
function lazyReader(request: RawRequest): Read {
  let read: Read | undefined;
  return (place) => {
    read ??= placeReader(request);
    return read(place);
  };
}

function fits(
  request: RawRequest,
  { headers, without = [], body = [] }: Identify,
  read: Read,
): boolean {
  const hasHeaders = Object.entries(headers).every(([name, pattern]) => {
    const values = headerValues(request.headers, name);
    return pattern === true ? values.length > 0 : values.some((value) => pattern.test(value));
  });
  if (!hasHeaders || without.some((name) => headerValues(request.headers, name).length > 0)) {
    return false;
  }
  return body.every(([place, pattern]) => {
    const text = read(place);
    return text !== undefined && (pattern === undefined || pattern.test(text));
  });
}
