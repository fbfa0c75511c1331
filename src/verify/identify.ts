import { headerValues } from '../core/headers.ts';
import { placeReader } from '../core/place.ts';
import type { Identify, Provider, RawRequest } from '../core/types.ts';
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

/** Of several that fit, the one that asks for the most knows best. */
export function identifyByHeaders(request: RawRequest): Provider | undefined {
  let best: Provider | undefined;
  let asked = 0;
  for (const provider of providers) {
    const { headers, body = [] } = provider.identify;
    const wanted = Object.keys(headers).length + body.length;
    if (wanted > asked && fits(request, provider.identify)) {
      best = provider;
      asked = wanted;
    }
  }
  return best;
}

function fits(request: RawRequest, { headers, without = [], body = [] }: Identify): boolean {
  const hasHeaders = Object.entries(headers).every(([name, pattern]) => {
    const values = headerValues(request.headers, name);
    return pattern === true ? values.length > 0 : values.some((value) => pattern.test(value));
  });
  if (!hasHeaders || without.some((name) => headerValues(request.headers, name).length > 0)) {
    return false;
  }
  if (body.length === 0) return true;
  const read = placeReader(request);
  return body.every(([place, pattern]) => {
    const text = read(place);
    return text !== undefined && (pattern === undefined || pattern.test(text));
  });
}
