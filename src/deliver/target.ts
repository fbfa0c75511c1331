import { HookcliError } from '../core/errors.ts';

/** Where to deliver: an origin, and the path when the user wrote one. */
export interface Target {
  /** `http://localhost:3000` */
  readonly origin: string;
  /** Path with query; absent when the incoming path is to be used. */
  readonly path?: string;
}

/** An address one request goes to. The path is passed on as it is, never normalised. */
export interface Endpoint {
  readonly origin: string;
  readonly path: string;
}

/**
 * Reads a target as people write it: `3000`, `:3000`, `localhost:3000/hooks`, `https://…`.
 *
 * @throws HookcliError `bad-target`
 */
export function parseTarget(text: string): Target {
  const refuse = (why: string): never => {
    throw new HookcliError('bad-target', `"${text}" is not a target: ${why}.`, {
      hint: 'Write it like 3000, localhost:3000, localhost:3000/hooks/stripe or https://example.com/hooks.',
    });
  };
  const trimmed = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    refuse(`${scheme}:// is not something hookcli can deliver to`);
  }
  const rest = scheme === undefined ? trimmed : trimmed.slice(scheme.length + 3);
  if (scheme === undefined && /^https?:(?!\d)/i.test(rest)) refuse('two slashes follow http:');
  const cut = rest.search(/[/?#]/);
  let authority = cut === -1 ? rest : rest.slice(0, cut);
  if (/^:?\d+$/.test(authority)) authority = `localhost:${authority.replace(':', '')}`;
  if (authority.includes('@')) refuse('user names and passwords do not belong in it');
  if (/[\s\\]/.test(rest)) refuse('it holds white space or a backslash');
  let url: URL | undefined;
  try {
    url = new URL(`${scheme ?? 'http'}://${authority}`);
  } catch {
    refuse('its host or port cannot be read');
  }
  if (url === undefined || url.hostname === '') return refuse('it has no host');
  if (url.port === '0') refuse('nothing can listen on port 0');
  const path = cut === -1 ? '' : onWire(rest.slice(cut).replace(/#.*$/s, ''));
  if (path === '') return { origin: url.origin };
  return { origin: url.origin, path: path.startsWith('?') ? `/${path}` : path };
}

/** Letters beyond ASCII as a browser sends them; what is ASCII stays as it was typed. */
const onWire = (path: string): string =>
  path.replace(/[^\x21-\x7e]+/g, (letters) =>
    Buffer.from(letters, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&'),
  );

/** The path and query of a request target, also of the absolute form a proxy would be sent. */
export function requestPath(url: string): string {
  if (url.startsWith('/')) return url;
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^#]*)/i.exec(url);
  const path = absolute?.[1] ?? '';
  return path.startsWith('/') ? path : `/${path}`;
}

/** A target without a path gets the incoming path; one with a path gets exactly that path. */
export const endpointOf = (target: Target, incomingUrl: string): Endpoint => ({
  origin: target.origin,
  path: target.path ?? requestPath(incomingUrl),
});

export const endpointUrl = (endpoint: Endpoint): string => endpoint.origin + endpoint.path;

export const targetUrl = (target: Target): string => target.origin + (target.path ?? '');

/** `example.com:8080`: what the Host header of a request to this endpoint says. */
export const hostOf = ({ origin }: Endpoint): string => origin.slice(origin.indexOf('//') + 2);
