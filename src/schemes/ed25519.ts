import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** The public key of 32 raw bytes. */
export function ed25519PublicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: base64url(raw) },
    format: 'jwk',
  });
}

// The fixed beginning of a PKCS #8 private key; a 32-byte seed follows it (RFC 8410, section 10.3).
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The private key of a 32-byte seed. */
export function ed25519PrivateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

/** The 32 raw bytes of the public key that belongs to a 32-byte seed. */
export function ed25519PublicBytes(seed: Uint8Array): Buffer {
  const { x } = createPublicKey(ed25519PrivateKey(seed)).export({ format: 'jwk' });
  return Buffer.from(x as string, 'base64url');
}
