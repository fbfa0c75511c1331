import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
  X509Certificate,
} from 'node:crypto';
import { crc32 } from 'node:zlib';
import { HookcliError } from '../core/errors.ts';
import { withHeader } from '../core/headers.ts';
import { seededRandom, uuid } from '../core/ids.ts';
import { inHeader } from '../core/place.ts';
import type { RawRequest, Scheme, Verdict, VerifyOptions } from '../core/types.ts';
import { refuseToSign, withNewlines, writePrivate } from './key-pair.ts';
import { matchingSecret } from './matching-secret.ts';
import { selfSigned } from './self-signed.ts';
import { outsideTolerance, readTimestamp } from './timestamp.ts';
import { excerpt, type Rejected, rejected, soleHeader, verified } from './verdicts.ts';

const ID = 'paypal-cert';
const HEADERS = {
  id: 'PAYPAL-TRANSMISSION-ID',
  time: 'PAYPAL-TRANSMISSION-TIME',
  signature: 'PAYPAL-TRANSMISSION-SIG',
  url: 'PAYPAL-CERT-URL',
  algorithm: 'PAYPAL-AUTH-ALGO',
} as const;
const ALGORITHM = 'SHA256withRSA';
/** The id under which PayPal's webhook simulator signs (its documentation, 2026-11). */
const SIMULATOR_ID = 'WEBHOOK_ID';
const HOST = 'messageverificationcerts.sandbox.paypal.com';
const CERTIFICATE_HOSTS = [HOST, 'messageverificationcerts.paypal.com'];

/**
 * A secret is the webhook id, a certificate in PEM, or a private RSA key in PEM. Before the PEM a
 * webhook id may stand; without one, it is the simulator's.
 */
interface Secret {
  readonly webhookId: string;
  readonly privateKey?: KeyObject;
  readonly certificate?: KeyObject;
}

function readSecret(secret: string): Secret {
  const text = withNewlines(secret);
  const begin = text.indexOf('-----BEGIN ');
  if (begin === -1) return { webhookId: secret };
  const webhookId = text.slice(0, begin).trim() || SIMULATOR_ID;
  const pem = text.slice(begin);
  return pem.startsWith('-----BEGIN CERTIFICATE')
    ? { webhookId, certificate: rsa(createPublicKey(pem)) }
    : { webhookId, privateKey: rsa(createPrivateKey(pem)) };
}

function rsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key');
  return key;
}

function secretFault(secret: string): string | undefined {
  if (secret === '') return 'is empty';
  try {
    readSecret(secret);
    return undefined;
  } catch {
    return 'holds PEM that is no certificate and no private RSA key';
  }
}

/** The key that belongs to the secret itself, where it has one. */
function ownKey({ privateKey, certificate }: Secret): KeyObject | undefined {
  return privateKey === undefined ? certificate : createPublicKey(privateKey);
}

/** The certificate of a pair of our own, which a handler has to be told to trust. */
const certificateOf = (privateKey: KeyObject): string => selfSigned(privateKey, HOST);

/** What `hookcli` keeps and hands out for PayPal. */
export const paypalSecret = {
  generate: () => writePrivate(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),

  publicEnv: 'PAYPAL_WEBHOOK_CERTIFICATE',

  /** The certificate that a handler needs, or the webhook id when there is none. */
  publicPart(secret: string): string {
    const { privateKey, certificate } = readSecret(secret);
    if (privateKey !== undefined) return certificateOf(privateKey);
    if (certificate === undefined) return secret;
    const text = withNewlines(secret);
    return text.slice(text.indexOf('-----BEGIN ')).trim();
  },

  alsoInEnv: (secret: string) => ({ PAYPAL_WEBHOOK_ID: readSecret(secret).webhookId }),

  /** A webhook id of the user's signs with the pair that we keep. */
  pair(given: string, own: string): string {
    const { webhookId, privateKey, certificate } = readSecret(given);
    if (privateKey !== undefined) return given;
    const isOurs =
      certificate === undefined || paypalSecret.publicPart(given) === paypalSecret.publicPart(own);
    return isOurs ? `${webhookId}\n${own}` : given;
  },
};

// Of the text itself, so that no other reader of addresses can find another host in it.
const PAYPAL = /^https:\/\/api(-m)?(\.sandbox)?\.paypal\.com\//;
const CERTIFICATES = /^https:\/\/[^/]+\/v1\/notifications\/certs\/[\w-]+(\.[\w-]+)*$/;

interface Proof {
  readonly signature: Buffer;
  readonly signedAtMs: number;
  /** At PayPal's. */
  readonly url: string;
  /** What is signed under this webhook id. */
  contentFor(webhookId: string): Buffer;
}

function readProof(request: RawRequest): Proof | Rejected {
  const signature = soleHeader(request, HEADERS.signature, ID);
  if ('status' in signature) return signature;
  const id = soleHeader(request, HEADERS.id, ID);
  if ('status' in id) return id;
  const time = soleHeader(request, HEADERS.time, ID);
  if ('status' in time) return time;
  const address = soleHeader(request, HEADERS.url, ID);
  if ('status' in address) return address;
  const algorithm = soleHeader(request, HEADERS.algorithm, ID);
  if ('status' in algorithm) return algorithm;

  if (algorithm.value === 'SHA1withRSA') {
    return rejected(ID, 'downgrade', 'SHA1withRSA is too weak to be trusted.');
  }
  if (algorithm.value !== ALGORITHM) {
    const is = excerpt(algorithm.value);
    return rejected(ID, 'malformed', `${HEADERS.algorithm} is "${is}", not ${ALGORITHM}.`);
  }
  const signed = readTimestamp(time.value, 'rfc3339', `the ${HEADERS.time} header`, ID);
  if ('status' in signed) return signed;
  if (!PAYPAL.test(address.value)) {
    return rejected(
      ID,
      'malformed',
      `${HEADERS.url} is "${excerpt(address.value)}", which is not PayPal's; nobody was asked for it.`,
    );
  }
  const bytes = Buffer.from(signature.value, 'base64');
  // 2048 bits is the least that PayPal has used.
  if (bytes.length < 256 || bytes.toString('base64') !== signature.value) {
    const detail = `The ${HEADERS.signature} header is not an RSA signature in base64.`;
    return rejected(ID, 'malformed', detail);
  }
  const start = `${id.value}|${time.value}|`;
  const end = `|${crc32(request.body)}`;
  return {
    signature: bytes,
    signedAtMs: signed.ms,
    url: address.value,
    contentFor: (webhookId) => Buffer.from(start + webhookId + end, 'utf8'),
  };
}

const PADDING = constants.RSA_PKCS1_PADDING;

const fits = ({ contentFor, signature }: Proof, webhookId: string, key: KeyObject): boolean =>
  verifyBytes('sha256', contentFor(webhookId), { key, padding: PADDING }, signature);

/**
 * The keys that count for every webhook id: of the certificate that is given, of secrets that are
 * one, or else of the certificate at PayPal's address. A given one is the user's own decision, so its
 * dates are not looked at: an event captured years ago can still be verified.
 */
async function certificateKeys(
  { url }: Proof,
  { secrets, certificate, fetchCertificate, at }: VerifyOptions,
): Promise<readonly KeyObject[] | Verdict> {
  const given = secrets
    .map((secret) =>
      secretFault(secret) === undefined ? readSecret(secret).certificate : undefined,
    )
    .filter((key) => key !== undefined);
  if (certificate !== undefined) given.push(givenKey(certificate));
  if (given.length > 0 || fetchCertificate === undefined) return given;
  if (!CERTIFICATES.test(url)) {
    const is = excerpt(url);
    return rejected(
      ID,
      'malformed',
      `${HEADERS.url} is "${is}", where PayPal has no certificates.`,
    );
  }
  try {
    return fetchedKeys(await fetchCertificate(url), url, at);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return unjudged(`The certificate at ${url} could not be had: ${why}`);
  }
}

function givenKey(pem: string): KeyObject {
  try {
    return rsa(createPublicKey(withNewlines(pem)));
  } catch (error) {
    throw new HookcliError('unusable-certificate', 'The certificate given is not RSA in PEM.', {
      hint: `Give the file that the ${HEADERS.url} header names.`,
      cause: error,
    });
  }
}

// The chain up to the root is not walked: who answers at PayPal's address has proved to be PayPal.
function fetchedKeys(pem: string, url: string, at: Date): readonly KeyObject[] | Rejected {
  const certificate = new X509Certificate(pem);
  if (!CERTIFICATE_HOSTS.some((host) => certificate.checkHost(host) !== undefined)) {
    return rejected(ID, 'mismatch', `The certificate at ${url} is not one for signing webhooks.`);
  }
  const { validFrom, validTo } = certificate;
  if (at.getTime() < Date.parse(validFrom) || at.getTime() > Date.parse(validTo)) {
    const span = `from ${validFrom} to ${validTo}`;
    return rejected(ID, 'mismatch', `The certificate at ${url} is valid ${span} only.`);
  }
  return [rsa(certificate.publicKey)];
}

const HINT = `For PayPal's own deliveries put the webhook id and, below it, the certificate that ${HEADERS.url} names into one file, and give it with --secret-file.`;

const unjudged = (detail: string): Verdict => ({
  status: 'unchecked',
  scheme: ID,
  reason: 'no-secret',
  detail,
  hint: HINT,
});

/**
 * PayPal's own: RSA over the transmission's id and time, the webhook id, and the CRC-32 of the body
 * as a decimal number. Sources: PayPal's SDKs for Python and Java (2026-11).
 */
export const paypalCert: Scheme = {
  id: ID,
  covers: `${HEADERS.id}, ${HEADERS.time}, the webhook id and the CRC-32 of the body`,
  // The certificate's address is not among them, since it is not signed.
  carriers: [HEADERS.signature, HEADERS.id, HEADERS.time, HEADERS.algorithm].map(inHeader),
  secretFault,

  sign(request, { secret, eventId, at }): RawRequest {
    const { webhookId, privateKey: key } = readSecret(secret);
    if (key === undefined) refuseToSign('webhook id or certificate', 'RSA');
    const id = uuid(seededRandom(`${eventId} ${at.getTime()}`));
    const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
    const content = `${id}|${time}|${webhookId}|${crc32(request.body)}`;
    const signature = signBytes('sha256', Buffer.from(content), { key, padding: PADDING });
    const values = [
      [HEADERS.id, id],
      [HEADERS.time, time],
      [HEADERS.url, certificateUrl(key)],
      [HEADERS.algorithm, ALGORITHM],
      [HEADERS.signature, signature.toString('base64')],
    ] as const;
    let { headers } = request;
    for (const [name, value] of values) headers = withHeader(headers, name, value);
    return { ...request, headers };
  },

  async verify(request, options): Promise<Verdict> {
    const { secrets, at, toleranceMs = Infinity } = options;
    const proof = readProof(request);
    if ('status' in proof) return proof;
    const { signedAtMs } = proof;
    const judge = (matched: number) =>
      outsideTolerance(ID, { signedAtMs, at, toleranceMs, refuseEarly: false }) ??
      verified(ID, secrets, matched);

    const own = matchingSecret(secrets, secretFault, (secret) => {
      const read = readSecret(secret);
      const key = ownKey(read);
      return key !== undefined && fits(proof, read.webhookId, key);
    });
    if (own !== -1) return judge(own);

    const found = await certificateKeys(proof, options);
    const isOwned = secrets.some((secret) => ownKey(readSecret(secret)) !== undefined);
    // Who has a key of their own can say that it was not made with that one.
    if ('status' in found && !(isOwned && found.status === 'unchecked')) return found;
    const keys = 'status' in found ? [] : found;
    if (keys.length === 0 && !isOwned) return unjudged('There is no certificate to verify with.');
    const matched = matchingSecret(secrets, secretFault, (secret) =>
      keys.some((key) => fits(proof, readSecret(secret).webhookId, key)),
    );
    if (matched !== -1) return judge(matched);
    return rejected(
      ID,
      'mismatch',
      `The ${HEADERS.signature} header was made with another key, or over another webhook id, transmission or body.`,
      keys.length === 0 ? HINT : undefined,
    );
  },
};

/** In the form of PayPal's; nothing lies there, so that the handler has to be given ours. */
function certificateUrl(key: KeyObject): string {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const hash = createHash('sha256').update(der).digest('hex');
  const name = [hash.slice(0, 8), hash.slice(8, 16), hash.slice(16, 24)].join('-');
  return `https://api.sandbox.paypal.com/v1/notifications/certs/CERT-${name}`;
}
