import { headerValues } from '../core/headers.ts';
import type { Provider, RawRequest } from '../core/types.ts';
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

/** Of several that fit, the one that asks for the most headers knows best. */
export function identifyByHeaders(request: RawRequest): Provider | undefined {
  let best: Provider | undefined;
  let asked = 0;
  for (const provider of providers) {
    const wanted = Object.keys(provider.identify.headers).length;
    if (wanted > asked && fits(request, provider)) {
      best = provider;
      asked = wanted;
    }
  }
  return best;
}

function fits(request: RawRequest, { identify: { headers, without = [] } }: Provider): boolean {
  return (
    Object.entries(headers).every(([name, pattern]) => {
      const values = headerValues(request.headers, name);
      return pattern === true ? values.length > 0 : values.some((value) => pattern.test(value));
    }) && without.every((name) => headerValues(request.headers, name).length === 0)
  );
}
