import { endpointOf, hostOf, parseTarget } from './target.ts';
import type { Transport } from './transport.ts';

const TIMEOUT_MS = 5_000;
const LARGEST = 65_536;
/** Providers use one at a time; a stranger who names many must not fill the memory. */
const MOST_KEPT = 16;

/**
 * Fetches certificates, each once. Whoever calls it has made sure that the address is the provider's
 * own: it comes from a request.
 */
export function certificateFetcher(transport: Transport): (url: string) => Promise<string> {
  const kept = new Map<string, Promise<string>>();
  return (url) => {
    let certificate = kept.get(url);
    if (certificate === undefined) {
      if (kept.size >= MOST_KEPT) kept.clear();
      certificate = fetchText(transport, url);
      kept.set(url, certificate);
      // One that could not be had now may be had later.
      certificate.catch(() => kept.delete(url));
    }
    return certificate;
  };
}

async function fetchText(transport: Transport, url: string): Promise<string> {
  const endpoint = endpointOf(parseTarget(url), '/');
  const outcome = await transport.exchange({
    endpoint,
    method: 'GET',
    headers: [
      ['Host', hostOf(endpoint)],
      ['Accept', '*/*'],
    ],
    body: Buffer.alloc(0),
    timeoutMs: TIMEOUT_MS,
  });
  if (outcome.kind === 'failed') throw new Error(outcome.message);
  if (outcome.status !== 200) throw new Error(`it was answered with status ${outcome.status}`);
  if (outcome.body.length > LARGEST) throw new Error('it is too long for a certificate');
  return Buffer.from(outcome.body).toString('utf8');
}
