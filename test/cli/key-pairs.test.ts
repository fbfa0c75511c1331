import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectError, type Line, Sandbox } from '../helpers/cli.ts';

const fresh = () => new Sandbox(onTestFinished);

const headerOf = ({ headers }: Line, name: string): string =>
  headers.find(([key]: [string]) => key.toLowerCase() === name.toLowerCase())?.[1];

const DRY = ['--to', 'localhost:3000', '--dry-run'];

/** The request of a dry run, and what the handler would have of it in bytes. */
async function dryRun(box: Sandbox, provider: string, event: string, env = {}) {
  const { code, lines, stderr } = await box.json(['send', provider, event, ...DRY], { env });
  expect([code, stderr]).toEqual([0, '']);
  return lines[0];
}

/** What a handler of Discord does, written anew. */
function isDiscords(request: Line, publicKey: string): boolean {
  const der = Buffer.from(`302a300506032b6570032100${publicKey}`, 'hex');
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const content = headerOf(request, 'X-Signature-Timestamp') + request.body;
  const signature = Buffer.from(headerOf(request, 'X-Signature-Ed25519'), 'hex');
  return verify(null, Buffer.from(content), key, signature);
}

describe('the public half of a pair that is kept', () => {
  const box = new Sandbox(afterAll);

  it('is what is printed, the same every time', async () => {
    const { stdout, code } = await box.run(['secret', 'discord']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect((await box.run(['secret', 'discord'])).stdout).toBe(stdout);
    const { lines } = await box.json(['secret', 'discord']);
    expect(lines).toEqual([
      expect.objectContaining({ variable: 'DISCORD_PUBLIC_KEY', secret: stdout.trim() }),
    ]);
  });

  it('agrees with what is sent, in the same environment as well', async () => {
    const publicKey = (await box.run(['secret', 'discord'])).stdout.trim();
    const event = 'interaction.application_command';
    expect(isDiscords(await dryRun(box, 'discord', event), publicKey)).toBe(true);
    const env = { DISCORD_PUBLIC_KEY: publicKey };
    expect(isDiscords(await dryRun(box, 'discord', event, env), publicKey)).toBe(true);
    expect((await box.run(['secret', 'discord'], { env })).stdout.trim()).toBe(publicKey);
  });

  it.each([
    ['sendgrid', /^[A-Za-z0-9+/]{122}==\n$/],
    ['plaid', /^-----BEGIN PUBLIC KEY-----\n/],
    ['paypal', /^-----BEGIN CERTIFICATE-----\n/],
  ])('is in the form of %s', async (provider, form) => {
    expect((await box.run(['secret', provider])).stdout).toMatch(form);
  });
});

it('does not sign with a public key whose private one is elsewhere', async () => {
  const env = {
    DISCORD_PUBLIC_KEY: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  };
  const done = await fresh().run(['send', 'discord', 'ENTITLEMENT_CREATE', ...DRY], { env });
  expect(done.code).toBe(2);
  expectError(done, { says: /can verify, but not sign/, hint: /--secret-file/ });
});

it('signs with a private key in a file, and prints its public half', async () => {
  const box = fresh();
  const made = await box.shell('openssl genpkey -algorithm ed25519 -out discord.pem');
  expect(made.code).toBe(0);
  const given = ['--secret-file', 'discord.pem'];
  const publicKey = (await box.run(['secret', 'discord', ...given])).stdout.trim();
  const { lines } = await box.json(['send', 'discord', 'ENTITLEMENT_CREATE', ...DRY, ...given]);
  expect(isDiscords(lines[0], publicKey)).toBe(true);
});

describe('PayPal', () => {
  const box = new Sandbox(afterAll);

  /** What a handler of PayPal does, written anew; the certificate is given to it. */
  function isPaypals(request: Line, webhookId: string, pem: string): boolean {
    const [id, time] = ['ID', 'TIME'].map((name) =>
      headerOf(request, `PAYPAL-TRANSMISSION-${name}`),
    );
    const content = [id, time, webhookId, crc32(Buffer.from(request.body))].join('|');
    const signature = Buffer.from(headerOf(request, 'PAYPAL-TRANSMISSION-SIG'), 'base64');
    return verify('sha256', Buffer.from(content), new X509Certificate(pem).publicKey, signature);
  }

  it('is signed under the webhook id of the environment', async () => {
    const { stdout: certificate } = await box.run(['secret', 'paypal']);
    const event = 'PAYMENT.CAPTURE.COMPLETED';
    expect(isPaypals(await dryRun(box, 'paypal', event), 'WEBHOOK_ID', certificate)).toBe(true);
    const env = { PAYPAL_WEBHOOK_ID: '7KV12345XX6789012' };
    const request = await dryRun(box, 'paypal', event, env);
    expect(isPaypals(request, '7KV12345XX6789012', certificate)).toBe(true);
    expect(isPaypals(request, 'WEBHOOK_ID', certificate)).toBe(false);
    expect((await box.run(['secret', 'paypal'], { env })).stdout).toBe(certificate);
  });
});

it('gives the command behind listen the public halves only', async () => {
  const box = fresh();
  const script = `for (const name of ['DISCORD_PUBLIC_KEY', 'SENDGRID_WEBHOOK_PUBLIC_KEY', 'PLAID_WEBHOOK_PUBLIC_KEY', 'PAYPAL_WEBHOOK_CERTIFICATE', 'PAYPAL_WEBHOOK_ID', 'MONDAY_SIGNING_SECRET'])
    require('node:fs').writeFileSync(name, process.env[name]);
    process.exit(Object.values(process.env).some((value) => /PRIVATE KEY/.test(value)) ? 9 : 0);`;
  const { code } = await box.run(['listen', '--port', '0', '--', process.execPath, '-e', script]);
  expect(code).toBe(0);
  const printed = async (provider: string) => (await box.run(['secret', provider])).stdout.trim();
  const given = async (name: string) => (await box.shell(`cat ${name}`)).stdout.trim();
  expect(await given('DISCORD_PUBLIC_KEY')).toBe(await printed('discord'));
  expect(await given('SENDGRID_WEBHOOK_PUBLIC_KEY')).toBe(await printed('sendgrid'));
  expect(await given('PLAID_WEBHOOK_PUBLIC_KEY')).toBe(await printed('plaid'));
  expect(await given('PAYPAL_WEBHOOK_CERTIFICATE')).toBe(await printed('paypal'));
  expect(await given('PAYPAL_WEBHOOK_ID')).toBe('WEBHOOK_ID');
  expect(await given('MONDAY_SIGNING_SECRET')).toBe(await printed('monday'));
});
