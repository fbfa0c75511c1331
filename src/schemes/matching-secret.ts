/**
 * Position of the first secret that fits the proof, or -1. Every secret is tried, so that the time
 * taken does not tell which one it was; one with a fault (an empty one above all) fits nothing.
 */
export function matchingSecret(
  secrets: readonly string[],
  fault: (secret: string) => string | undefined,
  fits: (secret: string) => boolean,
): number {
  return secrets.map((secret) => fault(secret) === undefined && fits(secret)).indexOf(true);
}
