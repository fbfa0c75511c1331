import type { LookupAddress, LookupOptions } from 'node:dns';

/**
 * The addresses of `localhost`, whatever the machine's own tables say (RFC 6761, section 6.3): some
 * name only one of them, and the handler may listen on the other.
 */
export const LOOPBACKS: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

type Found = (error: null, address: string | LookupAddress[], family?: number) => void;

/** Stands in for `dns.lookup` where the name is `localhost`; whoever connects tries one after the other. */
export function lookupLocalhost(_name: string, { all }: LookupOptions, found: Found): void {
  if (all) found(null, [...LOOPBACKS]);
  else found(null, '127.0.0.1', 4);
}

/** What to connect with, for a name that is not to be looked up. */
export const lookupOf = (hostname: string): { lookup?: typeof lookupLocalhost } =>
  hostname === 'localhost' ? { lookup: lookupLocalhost } : {};
