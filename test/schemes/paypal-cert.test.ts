import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RawRequest, VerifyOptions } from '../../src/core/types.ts';
import { paypalCert, paypalSecret } from '../../src/schemes/paypal-cert.ts';
import { selfSigned } from '../../src/schemes/self-signed.ts';
import { changeHeader, flipByte, NOON, outcome, post } from '../helpers/requests.ts';

const KEY = paypalSecret.generate();
const CERTIFICATE = paypalSecret.publicPart(KEY);
const ID = '7KV12345XX6789012';
const PAIR = `${ID}\n${KEY}`;

const signed = (secret = PAIR, body = '{"résumé":"✓"}') =>
  paypalCert.sign(post(body), { secret, eventId: 'WH-1', at: NOON });

const judge = async (request: RawRequest, options: Partial<VerifyOptions> = {}) =>
  paypalCert.verify(request, { secrets: [ID], at: NOON, certificate: CERTIFICATE, ...options });
const reason = async (request: RawRequest, options: Partial<VerifyOptions> = {}) =>
  outcome(await judge(request, options));

describe('the secret', () => {
  it.each([
    ['a webhook id and the certificate', { secrets: [ID], certificate: CERTIFICATE }],
    ['both in one', { secrets: [`${ID}\n${CERTIFICATE}`] }],
    ['the private key', { secrets: [PAIR] }],
    ['the private key on one line', { secrets: [PAIR.replaceAll('\n', '\\n')] }],
  ])('may be %s', async (_, { secrets, ...certificate }) => {
    expect(await reason(signed(), { certificate: '', ...certificate, secrets })).toBe('verified');
  });

  it('is the id of the simulator where none is said', async () => {
    expect(await reason(signed(KEY), { secrets: ['WEBHOOK_ID'] })).toBe('verified');
    expect(await reason(signed(KEY), { secrets: [CERTIFICATE] })).toBe('verified');
    expect(await reason(signed(KEY))).toBe('mismatch');
    expect(await reason(signed(), { secrets: ['WEBHOOK_ID'] })).toBe('mismatch');
  });

  it('signs only with a private key', () => {
    for (const secret of [ID, CERTIFICATE, `${ID}\n${CERTIFICATE}`]) {
      expect(() => signed(secret)).toThrowError(
        expect.objectContaining({ code: 'unusable-secret', exitCode: 2 }),
      );
    }
  });

  it('has a word on PEM that is neither', () => {
    expect(paypalCert.secretFault('')).toBe('is empty');
    expect(paypalCert.secretFault(KEY.slice(0, 200))).toMatch(/PEM/);
    const ed25519 = 'MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
    const pem = `-----BEGIN PRIVATE KEY-----\n${ed25519}\n-----END PRIVATE KEY-----`;
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('ed25519');
    expect(paypalCert.secretFault(pem)).toMatch(/RSA/);
  });

  it('gives out the certificate, with and without a webhook id', () => {
    expect(paypalSecret.publicPart(PAIR)).toBe(CERTIFICATE);
    expect(paypalSecret.publicPart(`${ID}\n${CERTIFICATE}\n`)).toBe(CERTIFICATE);
    expect(paypalSecret.publicPart(CERTIFICATE.replaceAll('\n', '\\n'))).toBe(CERTIFICATE);
    expect(paypalSecret.publicPart(ID)).toBe(ID);
    expect(paypalSecret.alsoInEnv(PAIR)).toEqual({ PAYPAL_WEBHOOK_ID: ID });
    expect(paypalSecret.alsoInEnv(KEY)).toEqual({ PAYPAL_WEBHOOK_ID: 'WEBHOOK_ID' });
  });

  it('is paired with the key that is kept, where it has none', () => {
    expect(paypalSecret.pair(ID, KEY)).toBe(PAIR);
    expect(paypalSecret.pair(CERTIFICATE, KEY)).toBe(`WEBHOOK_ID\n${KEY}`);
    expect(paypalSecret.pair(PAIR, paypalSecret.generate())).toBe(PAIR);
    const other = paypalSecret.publicPart(paypalSecret.generate());
    expect(paypalSecret.pair(other, KEY)).toBe(other);
  });
});

describe('what is signed', () => {
  it.each<[string, (request: RawRequest) => RawRequest, string]>([
    ['another body', (request) => flipByte(request, 3), 'mismatch'],
    ['another id', (request) => changed(request, 'PAYPAL-TRANSMISSION-ID', 'other'), 'mismatch'],
    [
      'another time',
      (request) => changed(request, 'PAYPAL-TRANSMISSION-TIME', '2026-01-31T12:00:01Z'),
      'mismatch',
    ],
    ['no time', (request) => changed(request, 'PAYPAL-TRANSMISSION-TIME', 'noon'), 'malformed'],
    ['SHA-1', (request) => changed(request, 'PAYPAL-AUTH-ALGO', 'SHA1withRSA'), 'downgrade'],
    ['no hash', (request) => changed(request, 'PAYPAL-AUTH-ALGO', 'none'), 'malformed'],
    [
      'a short signature',
      (request) => changed(request, 'PAYPAL-TRANSMISSION-SIG', 'AAAA'),
      'malformed',
    ],
  ])('%s', async (_, change, expected) => {
    expect(await reason(signed())).toBe('verified');
    expect(await reason(change(signed()))).toBe(expected);
  });

  it('has a transmission id of its own for each delivery', () => {
    const idOf = ({ headers }: RawRequest) => new Map(headers).get('PAYPAL-TRANSMISSION-ID');
    expect(idOf(signed())).toBe(idOf(signed()));
    const again = paypalCert.sign(post('{}'), { secret: PAIR, eventId: 'WH-1', at: new Date(0) });
    expect(idOf(again)).not.toBe(idOf(signed()));
  });
});

const changed = (request: RawRequest, name: string, value: string): RawRequest =>
  changeHeader(request, name, () => value);
const from = (url: string) => changed(signed(), 'PAYPAL-CERT-URL', url);

describe('the address of the certificate', () => {
  const CERTS = '/v1/notifications/certs/CERT-1';

  it.each([
    `http://api.paypal.com${CERTS}`,
    `https://api.paypal.com.evil.example${CERTS}`,
    `https://evil.example/api.paypal.com${CERTS}`,
    `https://api.paypal.com@evil.example${CERTS}`,
    `https://user:word@api.paypal.com${CERTS}`,
    `https://api.paypal.com:8443${CERTS}`,
    `https://notapi.paypal.com${CERTS}`,
    `https://api.paypal.com\\@evil.example${CERTS}`,
    '//api.paypal.com/v1/notifications/certs/CERT-1',
    'CERT-1',
  ])('is not asked when it is %s', async (url) => {
    let asked = 0;
    const fetchCertificate = async () => {
      asked++;
      return CERTIFICATE;
    };
    expect(await reason(from(url))).toBe('malformed');
    const options = { secrets: [ID], at: NOON, fetchCertificate };
    expect(outcome(await paypalCert.verify(from(url), options))).toBe('malformed');
    expect(asked).toBe(0);
  });

  it.each([
    '/v1/notifications/certs/../../oauth2/token',
    '/v1/notifications/certs/',
    '/v1/notifications/webhooks',
  ])('is not asked for %s', async (path) => {
    const request = from(`https://api.paypal.com${path}`);
    const fetchCertificate = () => Promise.reject(new Error('asked'));
    const verdict = await paypalCert.verify(request, { secrets: [ID], at: NOON, fetchCertificate });
    expect(outcome(verdict)).toBe('malformed');
  });

  it.each(['api', 'api-m', 'api.sandbox', 'api-m.sandbox'])('is asked at %s', async (host) => {
    const url = `https://${host}.paypal.com${CERTS}`;
    const asked: string[] = [];
    const fetchCertificate = async (address: string) => {
      asked.push(address);
      return CERTIFICATE;
    };
    const options = { secrets: [ID], at: NOON, fetchCertificate };
    expect(outcome(await paypalCert.verify(from(url), options))).toBe('verified');
    expect(asked).toEqual([url]);
  });
});

describe('a certificate that was fetched', () => {
  const fetched = (pem: string, at = NOON) =>
    paypalCert.verify(signed(), { secrets: [ID], at, fetchCertificate: async () => pem });

  it('must be one for signing webhooks', async () => {
    const pem = selfSigned(createPrivateKey(KEY), 'www.paypal.com');
    expect(await fetched(pem)).toMatchObject({ status: 'rejected', reason: 'mismatch' });
  });

  it('must be valid at the time', async () => {
    expect(await fetched(CERTIFICATE, new Date('1999-12-31T23:59:59Z'))).toMatchObject({
      status: 'rejected',
      detail: expect.stringContaining('valid from'),
    });
  });

  it('leaves the request unjudged when it cannot be had', async () => {
    for (const pem of ['<html>', '']) {
      expect(await fetched(pem)).toMatchObject({ status: 'unchecked', scheme: 'paypal-cert' });
    }
    const fetchCertificate = () => Promise.reject(new Error('no route'));
    const options = { secrets: [ID], at: NOON, fetchCertificate };
    expect(await paypalCert.verify(signed(), options)).toMatchObject({
      status: 'unchecked',
      detail: expect.stringContaining('no route'),
    });
  });

  it('is not missed where there is a key of our own that did not sign', async () => {
    const fetchCertificate = () => Promise.reject(new Error('no route'));
    const secrets = [`${ID}\n${paypalSecret.generate()}`];
    for (const options of [{ fetchCertificate }, {}]) {
      expect(await paypalCert.verify(signed(), { secrets, at: NOON, ...options })).toMatchObject({
        status: 'rejected',
        reason: 'mismatch',
        hint: expect.stringContaining('--secret-file'),
      });
    }
  });

  it('is tried beside a key of our own', async () => {
    const secrets = [`${ID}\n${paypalSecret.generate()}`];
    const fetchCertificate = async () => CERTIFICATE;
    const options = { secrets, at: NOON, fetchCertificate };
    expect(outcome(await paypalCert.verify(signed(), options))).toBe('verified');
  });

  it('is not asked for where the key is our own', async () => {
    const fetchCertificate = () => Promise.reject(new Error('asked'));
    const options = { secrets: [PAIR], at: NOON, fetchCertificate };
    expect(outcome(await paypalCert.verify(signed(), options))).toBe('verified');
  });
});

it('leaves a request unjudged without a certificate', async () => {
  const verdict = await paypalCert.verify(signed(), { secrets: [ID], at: NOON });
  expect(verdict).toMatchObject({
    status: 'unchecked',
    hint: expect.stringContaining('--secret-file'),
  });
});

it('refuses a certificate that is none', async () => {
  await expect(judge(signed(), { certificate: 'none' })).rejects.toThrowError(
    expect.objectContaining({ code: 'unusable-certificate', exitCode: 2 }),
  );
});

describe('a self-signed certificate', () => {
  const key = createPrivateKey(KEY);
  const certificate = new X509Certificate(selfSigned(key, 'hooks.example.com'));

  it('is what Node reads, signed by its own key', () => {
    expect(certificate.subject).toBe('CN=hooks.example.com');
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.checkHost('hooks.example.com')).toBe('hooks.example.com');
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect(certificate.verify(createPublicKey(key))).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect([certificate.validFrom, certificate.validTo]).toEqual([
      'Jan  1 00:00:00 2000 GMT',
      'Dec 31 23:59:59 9999 GMT',
    ]);
  });

  it('is always the same for the same key', () => {
    expect(selfSigned(key, 'hooks.example.com')).toBe(certificate.toString().trim());
  });
});
