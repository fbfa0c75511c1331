import { headerValue } from '../core/headers.ts';
import type { RawRequest } from '../core/types.ts';

/**
 * The address under which the provider asked for this request, as far as it can be known.
 *
 * @param given by the user: the whole URL, or an origin to which the request's own path is added;
 *   absent, `X-Forwarded-Proto` and `-Host` of a tunnel or proxy count, then the Host header
 */
export function publicUrl(request: RawRequest, given?: string): string {
  const target = request.url;
  if (given !== undefined) {
    const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/is.exec(given)?.[1] ?? '';
    return path === '' || path === '/' ? given.replace(/\/$/, '') + pathOf(target) : given;
  }
  if (!target.startsWith('/')) return target;
  const first = (name: string) => headerValue(request.headers, name)?.split(',', 1)[0]?.trim();
  const host = first('x-forwarded-host') ?? headerValue(request.headers, 'host') ?? 'localhost';
  return `${first('x-forwarded-proto') ?? 'http'}://${host}${target}`;
}

const pathOf = (target: string): string =>
  target.startsWith('/')
    ? target
    : (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/is.exec(target)?.[1] ?? '');
