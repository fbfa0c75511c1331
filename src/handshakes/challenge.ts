import { payloadOf } from '../core/place.ts';
import type { Header, RawRequest } from '../core/types.ts';

// Of all the challenges known the longest is Twitch's, with about one kilobyte.
const LONGEST = 16 * 1_024;

type Payload = Readonly<Record<string, unknown>>;

/**
 * The JSON object in a request that may be a challenge, or undefined. Every event of a provider
 * passes here, so its bytes are searched before they are parsed.
 *
 * @param marker text that every such challenge holds
 */
export function challengeJson(request: RawRequest, marker: string): Payload | undefined {
  const { method, body } = request;
  if (method !== 'POST' || body.length > LONGEST) return undefined;
  if (!Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes(marker))
    return undefined;
  const payload = payloadOf(request);
  return typeof payload === 'object' && payload !== null ? (payload as Payload) : undefined;
}

/** The text behind a name, or undefined. */
export const textIn = (payload: unknown, name: string): string | undefined => {
  const value = (payload as Payload | null | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
};

/** A challenge in JSON. */
export function jsonChallenge(
  url: string,
  payload: unknown,
  headers: readonly Header[],
): RawRequest {
  return {
    method: 'POST',
    url,
    headers: [['Host', new URL(url).host], ...headers, ['Content-Type', 'application/json']],
    body: Buffer.from(JSON.stringify(payload), 'utf8'),
  };
}

/** A challenge in the query of a GET. */
export function queryChallenge(url: string, query: Readonly<Record<string, string>>): RawRequest {
  const parameters = new URLSearchParams(query).toString();
  const [address = ''] = url.split('#', 1);
  return {
    method: 'GET',
    url: `${address}${address.includes('?') ? '&' : '?'}${parameters}`,
    headers: [
      ['Host', new URL(url).host],
      ['Accept', '*/*'],
    ],
    body: Buffer.alloc(0),
  };
}
