/** How the text of a secret becomes the bytes of a key. */
export interface SecretKey {
  /** What is wrong with the secret, or undefined when it can be used. */
  fault(secret: string): string | undefined;
  /** The key's bytes; only for a secret without fault. */
  bytes(secret: string): Uint8Array;
}

/** The text itself, as UTF-8. */
export const textKey: SecretKey = {
  fault: (secret) => (secret === '' ? 'is empty' : undefined),
  bytes: (secret) => Buffer.from(secret, 'utf8'),
};

/** Hex digits, in either case. */
export const hexKey: SecretKey = {
  fault(secret) {
    if (secret === '') return 'is empty';
    return /^(?:[0-9a-f]{2})+$/i.test(secret) ? undefined : 'is not hex';
  },
  bytes: (secret) => Buffer.from(secret, 'hex'),
};

/** Base64 after an optional prefix. An undecodable or empty one would silently sign with a wrong key. */
export function base64Key(prefix: string): SecretKey {
  const strip = (secret: string) =>
    secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  return {
    fault(secret) {
      const text = strip(secret);
      if (text === '') return secret === '' ? 'is empty' : `is empty behind "${prefix}"`;
      if (Buffer.from(text, 'base64').toString('base64') === text) return undefined;
      return `is not base64${prefix === '' ? '' : ` (after "${prefix}")`}`;
    },
    bytes: (secret) => Buffer.from(strip(secret), 'base64'),
  };
}
