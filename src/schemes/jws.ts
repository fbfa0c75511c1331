import { createHash, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import { withHeader } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { RawRequest, Scheme, SignOptions, Verdict, VerifyOptions } from '../core/types.ts';
import { hmacDigest, sameDigest } from './digest.ts';
import { p256PemPair } from './key-pair.ts';
import { matchingSecret } from './matching-secret.ts';
import { publicUrl } from './public-url.ts';
import { textKey } from './secret-key.ts';
import { outsideTolerance } from './timestamp.ts';
import { excerpt, type Rejected, rejected, soleHeader, verified } from './verdicts.ts';

/** An algorithm of RFC 7518, with the keys it takes. */
interface Algorithm {
  readonly alg: string;
  readonly signatureBytes: number;
  fault(secret: string): string | undefined;
  /** What the token's header tells of the key, beside the algorithm. */
  keyHeader(secret: string): Readonly<Record<string, string>>;
  sign(content: string, secret: string): Buffer;
  matches(content: string, signature: Buffer, secret: string): boolean;
}

export const HS256: Algorithm = {
  alg: 'HS256',
  signatureBytes: 32,
  fault: textKey.fault,
  keyHeader: () => ({}),
  sign: (content, secret) => hmacDigest('sha256', textKey.bytes(secret), [content]),
  matches: (content, signature, secret) =>
    sameDigest(signature, hmacDigest('sha256', textKey.bytes(secret), [content])),
};

export const ES256: Algorithm = {
  alg: 'ES256',
  signatureBytes: 64,
  fault: p256PemPair.fault,
  keyHeader: (secret) => ({ kid: keyId(p256PemPair.publicPart(secret)) }),
  sign: (content, secret) =>
    signBytes('sha256', Buffer.from(content), {
      key: p256PemPair.privateKey(secret),
      dsaEncoding: 'ieee-p1363',
    }),
  matches: (content, signature, secret) =>
    verifyBytes(
      'sha256',
      Buffer.from(content),
      { key: p256PemPair.publicKey(secret), dsaEncoding: 'ieee-p1363' },
      signature,
    ),
};

/** A name for a key in the form of a UUID, always the same for the same key. */
function keyId(publicKey: string): string {
  const hash = createHash('sha256').update(publicKey).digest('hex');
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(hash) ?? [];
  return parts.join('-');
}

export interface JwsOptions {
  readonly id: string;
  /** The header that is the token, and nothing else. */
  readonly header: string;
  readonly algorithm: Algorithm;
  /** False where the token's header names no type; `JWT` otherwise. */
  readonly typ?: false;
  /** What `iss` must be. */
  readonly issuer?: string;
  /** The claim that holds the SHA-256 of the body, in hex; absent, the body is not signed. */
  readonly bodyHash?: string;
  /** True where `aud` must be the public URL. */
  readonly audience?: true;
  /** True where `exp` tells the time, `toleranceMs` after the signature; otherwise `iat` does. */
  readonly expires?: true;
  /** In milliseconds; absent, the token is not dated. */
  readonly toleranceMs?: number;
  /** What else the provider claims; nobody looks at it when verifying. */
  readonly more?: Readonly<Record<string, unknown>>;
}

type Claims = Readonly<Record<string, unknown>>;

const bodyDigest = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The bytes of base64url in its one proper spelling (RFC 7515, section 2), or undefined. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function decodeObject(text: string): Claims | undefined {
  const bytes = decode(text);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** A JSON Web Signature (RFC 7515, compact) in a header, whose claims tell of the request. */
export function jws(options: JwsOptions): Scheme {
  const { id, header, algorithm, issuer, bodyHash, audience, expires, toleranceMs, more } = options;
  const lifetimeS = (toleranceMs ?? 0) / 1_000;
  const isDated = toleranceMs !== undefined;

  function claimsOf(request: RawRequest, { at, publicUrl: given }: SignOptions): Claims {
    const now = Math.floor(at.getTime() / 1_000);
    return {
      ...more,
      ...(issuer === undefined ? {} : { iss: issuer }),
      ...(audience ? { aud: publicUrl(request, given) } : {}),
      ...(isDated ? { iat: now } : {}),
      ...(expires ? { exp: now + lifetimeS } : {}),
      ...(bodyHash === undefined ? {} : { [bodyHash]: bodyDigest(request.body) }),
    };
  }

  function read(token: string) {
    const [head = '', payload = '', signature = '', ...rest] = token.split('.');
    const malformed = (why: string) => rejected(id, 'malformed', `The ${header} header ${why}.`);
    if (rest.length > 0 || payload === '') return malformed('is not a JWS of three parts');
    const named = decodeObject(head);
    if (named === undefined) return malformed('does not begin with JSON in base64url');
    // Before any key is looked at: whoever picks the algorithm picks what the key is taken for.
    if (named.alg !== algorithm.alg) {
      const is = excerpt(JSON.stringify(named.alg) ?? 'missing');
      return rejected(
        id,
        'downgrade',
        `The algorithm in the ${header} header is ${is}; only ${algorithm.alg} proves anything here.`,
      );
    }
    // RFC 7515, section 4.1.11: what must be understood, and is not, makes the token invalid.
    if ('crit' in named) return malformed('asks for extensions that are not known');
    const bytes = decode(signature);
    if (bytes?.length !== algorithm.signatureBytes) {
      return malformed(`does not end with a signature of ${algorithm.signatureBytes} bytes`);
    }
    const claims = decodeObject(payload);
    if (claims === undefined) return malformed('does not hold claims (JSON in base64url)');
    return { claims, content: `${head}.${payload}`, signature: bytes };
  }

  /** The rejection of genuine claims that are about another request, or undefined. */
  function otherRequest(
    claims: Claims,
    request: RawRequest,
    { publicUrl: given }: VerifyOptions,
  ): Rejected | undefined {
    if (issuer !== undefined && claims.iss !== issuer) {
      return rejected(
        id,
        'mismatch',
        `The token is genuine, but its issuer (iss) is not ${issuer}.`,
      );
    }
    if (bodyHash !== undefined && claims[bodyHash] !== bodyDigest(request.body)) {
      return rejected(id, 'mismatch', `The token is genuine, but over another body (${bodyHash}).`);
    }
    const url = audience && publicUrl(request, given);
    if (url !== undefined && claims.aud !== url) {
      const aud = excerpt(String(claims.aud));
      const detail = `The token is genuine, but for "${aud}" (aud), not for ${excerpt(url)}.`;
      return rejected(id, 'mismatch', detail, 'Say which address the sender knows.');
    }
    return undefined;
  }

  /** When the token was signed, in milliseconds. */
  function signedAt(claims: Claims): number | Rejected {
    const name = expires ? 'exp' : 'iat';
    const seconds = claims[name];
    if (typeof seconds !== 'number' || !Number.isFinite(seconds)) {
      return rejected(id, 'malformed', `The token in the ${header} header has no time (${name}).`);
    }
    return (expires ? seconds - lifetimeS : seconds) * 1_000;
  }

  const parts = [
    ...(bodyHash === undefined ? [] : ['the SHA-256 of the body']),
    ...(audience ? ['the public URL'] : []),
    ...(isDated ? ['the time'] : []),
  ];

  return {
    id,
    covers: `${parts.join(' and ')}, as claims of a token`,
    carriers: [inHeader(header)],
    ...(isDated ? { toleranceMs } : {}),
    ...(bodyHash === undefined ? { bodyUnsigned: true } : {}),
    ...(audience ? { coversUrl: true } : {}),
    secretFault: algorithm.fault,

    sign(request, signing): RawRequest {
      const { secret } = signing;
      const head = {
        alg: algorithm.alg,
        ...algorithm.keyHeader(secret),
        ...(options.typ === false ? {} : { typ: 'JWT' }),
      };
      const content = `${encode(head)}.${encode(claimsOf(request, signing))}`;
      const token = `${content}.${algorithm.sign(content, secret).toString('base64url')}`;
      return { ...request, headers: withHeader(request.headers, header, token) };
    },

    verify(request, verifying): Verdict {
      const { secrets, at } = verifying;
      const found = soleHeader(request, header, id);
      if ('status' in found) return found;
      const token = read(found.value);
      if ('status' in token) return token;
      const { claims, content, signature } = token;
      const matched = matchingSecret(secrets, algorithm.fault, (secret) =>
        algorithm.matches(content, signature, secret),
      );
      if (matched === -1) {
        return rejected(
          id,
          'mismatch',
          `The token in the ${header} header was signed with another key.`,
        );
      }
      const other = otherRequest(claims, request, verifying);
      if (other !== undefined) return other;
      if (!isDated) return verified(id, secrets, matched);
      const signedAtMs = signedAt(claims);
      if (typeof signedAtMs !== 'number') return signedAtMs;
      const age = {
        signedAtMs,
        at,
        toleranceMs: verifying.toleranceMs ?? toleranceMs,
        refuseEarly: false,
      };
      return outsideTolerance(id, age) ?? verified(id, secrets, matched);
    },
  };
}
