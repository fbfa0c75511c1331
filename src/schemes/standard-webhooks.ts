import { sign as signBytes, verify as verifyBytes } from 'node:crypto';
import { HookcliError } from '../core/errors.ts';
import { headerValue, withHeader } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { RawRequest, Scheme, SignOptions, Verdict, VerifyOptions } from '../core/types.ts';
import { decodeDigest, hmacDigest, sameDigest } from './digest.ts';
import { ed25519PrivateKey, ed25519PublicBytes, ed25519PublicKey } from './ed25519.ts';
import { matchingSecret } from './matching-secret.ts';
import { base64Key, type SecretKey } from './secret-key.ts';
import { FIVE_MINUTES, outsideTolerance, readTimestamp, writeTimestamp } from './timestamp.ts';
import { type Rejected, rejected, soleHeader, verified } from './verdicts.ts';

/** One version of Standard Webhooks signatures: how it is named, made and compared. */
interface Version {
  readonly id: string;
  /** `v1` or `v1a`. */
  readonly tag: string;
  readonly signatureBytes: number;
  secretFault(secret: string): string | undefined;
  sign(content: Buffer, secret: string): Buffer;
  /** Whether one of the signatures was made with the secret. */
  matches(content: Buffer, signatures: readonly Buffer[], secret: string): boolean;
}

const symmetric = (key: SecretKey): Version => ({
  id: 'standard-webhooks',
  tag: 'v1',
  signatureBytes: 32,
  secretFault: key.fault,
  sign: (content, secret) => hmacDigest('sha256', key.bytes(secret), [content]),
  matches(content, signatures, secret) {
    const expected = hmacDigest('sha256', key.bytes(secret), [content]);
    return signatures.filter((signature) => sameDigest(signature, expected)).length > 0;
  },
});

const sharedKey = base64Key('whsec_');

/** A shared secret as the specification has it: `whsec_` and base64. */
const specifiedKey: SecretKey = {
  ...sharedKey,
  fault(secret) {
    // What is wrong with half a key pair is for the other version to say.
    if (/^wh[ps]k_/.test(secret)) {
      return keyPairFault(secret) ?? 'is a key for v1a signatures, not a shared secret';
    }
    return sharedKey.fault(secret);
  },
};

const publicHalf = base64Key('whpk_');
const bothHalves = base64Key('whsk_');

function keyFault(key: SecretKey, bytes: number, secret: string): string | undefined {
  return (
    key.fault(secret) ??
    (key.bytes(secret).length === bytes ? undefined : `does not hold ${bytes} bytes`)
  );
}

function keyPairFault(secret: string): string | undefined {
  if (secret.startsWith('whpk_')) return keyFault(publicHalf, 32, secret);
  const fault = keyFault(bothHalves, 64, secret);
  if (fault !== undefined) return fault;
  const bytes = bothHalves.bytes(secret);
  if (sameDigest(bytes.subarray(32), ed25519PublicBytes(bytes.subarray(0, 32)))) return undefined;
  return 'holds a private and a public key that do not belong together';
}

/** The public key in `whpk_…`, or the public half of `whsk_…` (a seed and its public key). */
const publicBytes = (secret: string): Uint8Array =>
  secret.startsWith('whsk_') ? bothHalves.bytes(secret).subarray(32) : publicHalf.bytes(secret);

const asymmetric: Version = {
  id: 'standard-webhooks-asym',
  tag: 'v1a',
  signatureBytes: 64,
  secretFault(secret) {
    if (/^wh[ps]k_/.test(secret)) return keyPairFault(secret);
    return 'is neither a public key (whpk_…) nor a private one (whsk_…)';
  },
  sign(content, secret) {
    if (!secret.startsWith('whsk_')) {
      throw new HookcliError('unusable-secret', 'A public key (whpk_…) can verify, but not sign.', {
        hint: 'Sign with the private key (whsk_…) it belongs to.',
      });
    }
    return signBytes(null, content, ed25519PrivateKey(bothHalves.bytes(secret).subarray(0, 32)));
  },
  matches(content, signatures, secret) {
    const key = ed25519PublicKey(publicBytes(secret));
    return signatures.filter((signature) => verifyBytes(null, content, key, signature)).length > 0;
  },
};

/** The names of the three headers: `webhook-id` and so on, or with Svix's older prefix. */
const headersOf = (prefix: 'webhook' | 'svix') => ({
  id: `${prefix}-id`,
  timestamp: `${prefix}-timestamp`,
  signature: `${prefix}-signature`,
});

type Headers = ReturnType<typeof headersOf>;

/**
 * More than any rotation needs. Each signature with a key pair costs a pass over the whole body, so
 * a header full of made-up ones would keep the receiver busy for seconds.
 */
const MOST_SIGNATURES = 20;

const signedContent = (id: string, timestamp: string, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${id}.${timestamp}.`, 'utf8'), body]);

/**
 * Standard Webhooks: a signature over `id.timestamp.body`, among others in a list parted by spaces.
 * Source: the specification, https://github.com/standard-webhooks/standard-webhooks (2026-11).
 */
function standardWebhooks(
  version: Version,
  scheme = version.id,
  prefix: 'webhook' | 'svix' = 'webhook',
): Scheme {
  const { tag } = version;
  const names = headersOf(prefix);
  return {
    id: scheme,
    covers: 'the event id, the timestamp and the body, parted by dots',
    carriers: [names.signature, names.id, names.timestamp].map(inHeader),
    toleranceMs: FIVE_MINUTES,
    secretFault: version.secretFault,

    sign(request, { secret, eventId, at }: SignOptions): RawRequest {
      const timestamp = writeTimestamp(at, 's');
      const signature = version.sign(signedContent(eventId, timestamp, request.body), secret);
      let { headers } = request;
      headers = withHeader(headers, names.id, eventId);
      headers = withHeader(headers, names.timestamp, timestamp);
      headers = withHeader(headers, names.signature, `${tag},${signature.toString('base64')}`);
      return { ...request, headers: [...headers] };
    },

    combine(signed) {
      const values = signed.map(({ headers }) => headerValue(headers, names.signature) ?? '');
      const [first] = signed as [RawRequest];
      return { ...first, headers: withHeader(first.headers, names.signature, values.join(' ')) };
    },

    verify(request, options: VerifyOptions): Verdict {
      const { secrets, at, toleranceMs = FIVE_MINUTES } = options;
      const parts = readHeaders(request, names, scheme);
      if ('status' in parts) return parts;
      const listed = parts.signature
        .split(' ')
        .filter((entry) => entry.startsWith(`${tag},`))
        .map((entry) => entry.slice(tag.length + 1));
      if (listed.length === 0) {
        return rejected(
          scheme,
          'malformed',
          `The ${names.signature} header holds no ${tag} signature.`,
        );
      }
      if (listed.length > MOST_SIGNATURES) {
        return rejected(
          scheme,
          'malformed',
          `The ${names.signature} header holds ${listed.length} ${tag} signatures; at most ${MOST_SIGNATURES} are tried.`,
        );
      }
      const given = listed
        .map((text) => decodeDigest(text, 'base64', version.signatureBytes))
        .filter((bytes) => bytes !== undefined);
      if (given.length === 0) {
        return rejected(
          scheme,
          'malformed',
          `The ${tag} signature in the ${names.signature} header is not ${version.signatureBytes} bytes in base64.`,
        );
      }
      const content = signedContent(parts.id, parts.timestamp, request.body);
      const matched = matchingSecret(secrets, version.secretFault, (secret) =>
        version.matches(content, given, secret),
      );
      if (matched === -1) {
        return rejected(
          scheme,
          'mismatch',
          `No ${tag} signature in the ${names.signature} header fits: made with another secret, or over another id, timestamp or body.`,
        );
      }
      const signedAtMs = parts.signedAtMs;
      return (
        outsideTolerance(scheme, { signedAtMs, at, toleranceMs, refuseEarly: true }) ??
        verified(scheme, secrets, matched)
      );
    },
  };
}

function readHeaders(
  request: RawRequest,
  names: Headers,
  scheme: string,
): { id: string; timestamp: string; signedAtMs: number; signature: string } | Rejected {
  const signature = soleHeader(request, names.signature, scheme);
  if ('status' in signature) return signature;
  const id = soleHeader(request, names.id, scheme);
  if ('status' in id) return id;
  const timestamp = soleHeader(request, names.timestamp, scheme);
  if ('status' in timestamp) return timestamp;
  const signed = readTimestamp(timestamp.value, 's', `the ${names.timestamp} header`, scheme);
  if ('status' in signed) return signed;
  return {
    id: id.value,
    timestamp: timestamp.value,
    signedAtMs: signed.ms,
    signature: signature.value,
  };
}

/** `v1` of a provider whose secrets are not as the specification has them. */
export const standardWebhooksWith = (key: SecretKey): Scheme => standardWebhooks(symmetric(key));
/** `v1`: HMAC-SHA256 with a shared secret. */
export const standardWebhooksHmac = standardWebhooksWith(specifiedKey);
/** `v1a`: Ed25519 with a key pair. */
export const standardWebhooksEd25519 = standardWebhooks(asymmetric);
/** As v1, in the `svix-` headers that Svix and those who send through it use. */
export const svixHmac = standardWebhooks(symmetric(specifiedKey), 'svix', 'svix');
