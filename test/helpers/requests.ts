import { seededRandom } from '../../src/core/ids.ts';
import type { Header, Provider, RawRequest, Verdict } from '../../src/core/types.ts';
import { composeRequest } from '../../src/deliver/compose.ts';
import { readFixture } from '../../src/fixtures/read.ts';

/** The clock of tests that need none in particular. */
export const NOON = new Date('2026-01-31T12:00:00Z');

export const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

/** A small request of no particular provider. */
export function post(body: string | Uint8Array, headers: readonly Header[] = []): RawRequest {
  return { method: 'POST', url: '/webhook', headers, body: Buffer.from(body) };
}

/** The request of a fixture, complete but for the signature, and the same on every run. */
export function composed(
  provider: Provider,
  event: string,
  options: { form?: boolean } = {},
): RawRequest & { eventId: string } {
  return composeRequest({
    provider,
    event,
    content: readFixture(provider.id, event),
    at: NOON,
    random: seededRandom(`${provider.id} ${event}`),
    url: 'http://localhost:3000/hooks',
    ...options,
  });
}

/** Changes every value of one header; undefined takes the header away. */
export function changeHeader(
  request: RawRequest,
  name: string,
  change: (value: string) => string | undefined,
): RawRequest {
  const headers = request.headers.flatMap<Header>(([key, value]) => {
    if (key.toLowerCase() !== name.toLowerCase()) return [[key, value]];
    const changed = change(value);
    return changed === undefined ? [] : [[key, changed]];
  });
  return { ...request, headers };
}

/** The same request with one byte of its body changed. */
export function flipByte(request: RawRequest, at: number, mask = 1): RawRequest {
  const body = Buffer.from(request.body);
  body[at] = (body[at] as number) ^ mask;
  return { ...request, body };
}

/** `verified`, or the reason why not. */
export const outcome = (verdict: Verdict): string =>
  verdict.status === 'verified' ? 'verified' : verdict.reason;
