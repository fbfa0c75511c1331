import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { HookcliError } from '../core/errors.ts';
import type { Random } from '../core/types.ts';
import { ed25519PrivateKey, ed25519PublicKey } from './ed25519.ts';

/**
 * The two halves of a key pair in a secret. A private key is PEM (PKCS #8) and can do all; a public
 * one is spelled as the provider gives it out, and can only verify.
 */
export interface KeyPair {
  /** What is wrong with the secret, or undefined when it is one of the two. */
  fault(secret: string): string | undefined;
  /** Only for a secret without fault, as the rest. */
  publicKey(secret: string): KeyObject;
  /** @throws HookcliError `unusable-secret` when the secret is the public key alone */
  privateKey(secret: string): KeyObject;
  /** The public key as the provider gives it out. */
  publicPart(secret: string): string;
  /** Makes a private key. */
  generate(random: Random): string;
}

interface KeyPairOptions {
  /** The kind of key in words, such as `Ed25519`. */
  readonly title: string;
  /** How the public key is spelled, in words. */
  readonly publicForm: string;
  /** Whether a key is of this kind. */
  readonly fits: (key: KeyObject) => boolean;
  /** The public key of a text, or undefined when it is not spelled like one; may throw as well. */
  readonly readPublic: (text: string) => KeyObject | undefined;
  readonly writePublic: (key: KeyObject) => string;
  readonly generate: (random: Random) => KeyObject;
}

const isPrivate = (secret: string): boolean => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(secret);

/** PEM in which newlines are written as `\n`, as in most environment variables. */
export const withNewlines = (pem: string): string => pem.replaceAll('\\n', '\n');

/** The private key as one line of text that is a secret. */
export const writePrivate = (key: KeyObject): string =>
  (key.export({ type: 'pkcs8', format: 'pem' }) as string).trim();

/** Reading a key costs more than using it, so the last few are kept, those that are none too. */
function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= 64) known.clear();
    const made = read(text);
    known.set(text, made);
    return made;
  };
}

export function keyPair(options: KeyPairOptions): KeyPair {
  const { title, publicForm, fits, readPublic, writePublic } = options;

  const halves = remembered((secret: string): { public?: KeyObject; private?: KeyObject } => {
    try {
      if (!isPrivate(secret)) {
        const key = readPublic(secret);
        return key !== undefined && fits(key) ? { public: key } : {};
      }
      const key = createPrivateKey(withNewlines(secret));
      return fits(key) ? { public: createPublicKey(key), private: key } : {};
    } catch {
      return {};
    }
  });
  const publicKey = (secret: string) => halves(secret).public as KeyObject;

  return {
    fault(secret) {
      if (secret === '') return 'is empty';
      if (halves(secret).public !== undefined) return undefined;
      return isPrivate(secret)
        ? `is not an ${title} key in PEM that can be read`
        : `is neither ${publicForm} nor a private ${title} key in PEM`;
    },
    publicKey,
    privateKey: (secret) => halves(secret).private ?? refuseToSign('public key', title),
    publicPart: (secret) => writePublic(publicKey(secret)),
    generate: (random) => writePrivate(options.generate(random)),
  };
}

/** @param held what the user has, in words, such as `public key` */
export function refuseToSign(held: string, title: string): never {
  throw new HookcliError('unusable-secret', `A ${held} can verify, but not sign.`, {
    hint: `Sign with a private ${title} key in PEM, such as openssl genpkey makes, given with --secret-file.`,
  });
}

/** Ed25519; the public key in hex. */
export const ed25519HexPair = keyPair({
  title: 'Ed25519',
  publicForm: 'a public key (64 hex digits)',
  fits: (key) => key.asymmetricKeyType === 'ed25519',
  readPublic: (text) =>
    /^[0-9a-f]{64}$/i.test(text) ? ed25519PublicKey(Buffer.from(text, 'hex')) : undefined,
  writePublic: (key) =>
    Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url').toString('hex'),
  generate: (random) => ed25519PrivateKey(random.bytes(32)),
});

const isP256 = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** A private key of curve P-256, the same for the same bytes. */
function p256PrivateKey(random: Random): KeyObject {
  const d = Buffer.from(random.bytes(32));
  // A number between 0 and the order of the curve, which begins with 32 ones.
  d[0] = (d[0] as number) & 0x7f;
  d[31] = (d[31] as number) | 1;
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const [x, y] = [base64url(point.subarray(1, 33)), base64url(point.subarray(33))];
  return createPrivateKey({
    key: { kty: 'EC', crv: 'P-256', d: base64url(d), x, y },
    format: 'jwk',
  });
}

const p256 = { fits: isP256, generate: p256PrivateKey, title: 'P-256 (prime256v1)' } as const;

/** ECDSA P-256; the public key as SubjectPublicKeyInfo in base64. */
export const p256DerPair = keyPair({
  ...p256,
  publicForm: 'a public key (base64)',
  readPublic: (text) =>
    createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' }),
  writePublic: (key) => key.export({ type: 'spki', format: 'der' }).toString('base64'),
});

/** ECDSA P-256; the public key in PEM, or read as JSON Web Key too. */
export const p256PemPair = keyPair({
  ...p256,
  publicForm: 'a public key (PEM or JWK)',
  readPublic: (text) =>
    createPublicKey(
      text.trimStart().startsWith('{')
        ? { key: JSON.parse(text), format: 'jwk' }
        : withNewlines(text),
    ),
  writePublic: (key) => (key.export({ type: 'spki', format: 'pem' }) as string).trim(),
});
