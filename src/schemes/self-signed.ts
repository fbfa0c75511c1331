import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';

// Just the DER (X.690) that one certificate needs: Node reads certificates but makes none, and what
// makes them on npm weighs more than this whole tool (2026-11).
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...contents: readonly Uint8Array[]) => der(0x30, ...contents);
const set = (...contents: readonly Uint8Array[]) => der(0x31, ...contents);
const integer = (bytes: Uint8Array) => der(0x02, bytes);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const octets = (...contents: readonly Uint8Array[]) => der(0x04, ...contents);
const bits = (content: Uint8Array) => der(0x03, Buffer.of(0), content);
const text = (value: string) => der(0x0c, Buffer.from(value, 'utf8'));
const TRUE = der(0x01, Buffer.of(0xff));

const COMMON_NAME = oid('550403');
const BASIC_CONSTRAINTS = oid('551d13');
const SUBJECT_ALT_NAME = oid('551d11');
const SHA256_WITH_RSA = sequence(oid('2a864886f70d01010b'), der(0x05));

// From 2000 until the end of time as RFC 5280 (section 4.1.2.5) writes it, so that the certificate
// depends on the key alone, and a test with an odd clock finds it valid.
const VALIDITY = sequence(
  der(0x17, Buffer.from('000101000000Z')),
  der(0x18, Buffer.from('99991231235959Z')),
);

/**
 * A self-signed certificate in PEM, always the same for the same key.
 *
 * @param key an RSA private key
 * @param host its common name and the one host it is for
 */
export function selfSigned(key: KeyObject, host: string): string {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const serial = createHash('sha256').update(publicKey).digest().subarray(0, 16);
  // Positive, and not shorter for a leading zero.
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  const name = sequence(set(sequence(COMMON_NAME, text(host))));
  const extensions = sequence(
    sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE))),
    sequence(SUBJECT_ALT_NAME, octets(sequence(der(0x82, Buffer.from(host))))),
  );
  const content = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(serial),
    SHA256_WITH_RSA,
    name,
    VALIDITY,
    name,
    publicKey,
    der(0xa3, extensions),
  );
  const certificate = sequence(content, SHA256_WITH_RSA, bits(sign('sha256', content, key)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
}
