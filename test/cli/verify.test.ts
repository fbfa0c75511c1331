import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError, Sandbox } from '../helpers/cli.ts';

const box = new Sandbox(afterAll);

const SECRET = 'whsec_of_this_test_only_2026';
const BODY = '{"id":"evt_1","type":"invoice.paid","name":"Zoë / 🎉"}';
/** Unix seconds. */
const AT = 1_795_000_000;
const DIGEST = createHmac('sha256', SECRET).update(`${AT}.${BODY}`).digest('hex');
const SIGNATURE = `t=${AT},v1=${DIGEST}`;

const HEAD = ['POST /webhook/stripe HTTP/1.1', 'Host: localhost', `Stripe-Signature: ${SIGNATURE}`];
const message = (body: string | Buffer, headers: readonly string[] = [], newline = '\r\n') =>
  Buffer.concat([
    Buffer.from(`${[...HEAD, ...headers].join(newline)}${newline}${newline}`),
    Buffer.from(body),
  ]);
const asJson = (members: object = {}) => ({
  method: 'POST',
  url: '/hooks',
  headers: { 'stripe-signature': SIGNATURE },
  body: BODY,
  ...members,
});

const AS_STRIPE = ['verify', '--secret', SECRET, '--at', String(AT + 10)];
/** The verdict on what is in a file. */
async function verdict(content: unknown, ...more: string[]) {
  box.write('request', content);
  const { code, lines, stderr } = await box.json([...AS_STRIPE, '--request', 'request', ...more]);
  expect(stderr).toBe('');
  expect(lines).toHaveLength(1);
  return { code, ...lines[0] };
}

describe('a request in a file', () => {
  it.each<[string, unknown]>([
    ['JSON', asJson()],
    ['JSON with pairs', asJson({ headers: [['Stripe-Signature', SIGNATURE]] })],
    [
      'JSON with lists',
      asJson({ headers: { 'stripe-signature': [SIGNATURE], 'x-a': ['1', '2'] } }),
    ],
    [
      'JSON with base64',
      asJson({ body: undefined, bodyBase64: Buffer.from(BODY).toString('base64') }),
    ],
    ['JSON behind a byte order mark', `\ufeff${JSON.stringify(asJson(), null, 2)}\n`],
    ['JSON with next to nothing', { headers: { 'stripe-signature': SIGNATURE }, body: BODY }],
    ['an HTTP message', message(BODY)],
    ['an HTTP message of an editor', message(BODY, [], '\n')],
    [
      'an HTTP message with a line end too many',
      message(`${BODY}\n`, [`Content-Length: ${Buffer.byteLength(BODY)}`]),
    ],
    [
      'an HTTP message in chunks',
      message(
        Buffer.concat([
          Buffer.from('8;note=1\r\n'),
          Buffer.from(BODY).subarray(0, 8),
          Buffer.from(`\r\n${(Buffer.byteLength(BODY) - 8).toString(16).toUpperCase()}\r\n`),
          Buffer.from(BODY).subarray(8),
          Buffer.from('\r\n0\r\n\r\n'),
        ]),
        ['Transfer-Encoding: chunked'],
      ),
    ],
    ['a message whose chunks were put together', message(BODY, ['Transfer-Encoding: chunked'])],
  ])('is read as %s', async (_, content) => {
    expect(await verdict(content)).toEqual({
      code: 0,
      kind: 'verdict',
      schema: 1,
      provider: 'stripe',
      scheme: 'stripe',
      status: 'verified',
    });
  });

  it('may come from standard input', async () => {
    const { code, stdout } = await box.run([...AS_STRIPE, '--request', '-'], {
      stdin: message(BODY),
    });
    expect(code).toBe(0);
    expect(stdout).toBe('✓ verified  Stripe  scheme stripe\n');
  });

  it('may be what hookcli prints', async () => {
    const send = ['send', 'stripe', 'invoice.paid', '--secret', SECRET, '--dry-run'];
    for (const more of [[], ['--json']]) {
      const { stdout } = await box.run([...send, ...more]);
      const verifying = ['verify', '--secret', SECRET, '--request', '-'];
      expect((await box.run(verifying, { stdin: stdout })).code).toBe(0);
    }
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', '', /begins with ""/],
    ['prose', 'Dear webhook,\n', /begins with "Dear webhook,"/],
    ['broken JSON', '{"headers":', /JSON/],
    ['JSON without headers', { body: '' }, /no "headers"/],
    ['a header that is none', asJson({ headers: [['Stripe-Signature']] }), /is not a header/],
    ['a name that is none', asJson({ headers: { 'a b': '1' } }), /is not a header/],
    [
      'a parsed body',
      asJson({ body: { id: 1 } }),
      /"body" is no text, which is needed to the byte/,
    ],
    ['half of base64', asJson({ bodyBase64: 'abc' }), /"bodyBase64" is not base64/],
    ['a broken header line', message(BODY, ['no colon here']), /"no colon here" is not a header/],
    ['half a body', message(BODY, ['Content-Length: 1000']), /of the 1000 in Content-Length/],
  ])('is refused as %s', async (_, content, says) => {
    box.write('request', content);
    const outcome = await box.run([...AS_STRIPE, '--request', 'request']);
    expect(outcome.code).toBe(2);
    expectError(outcome, { says, hint: /"method","url","headers".*HTTP message/ });
  });
});

describe('a verdict', () => {
  it('tells of another secret, body, time or a missing header, and never what would fit', async () => {
    const outcomes = await Promise.all([
      verdict(asJson(), '--secret', 'whsec_of_somebody_else_2026'),
      box.json(
        ['verify', '--secret', 'whsec_of_somebody_else', '--at', String(AT), '--request', '-'],
        {
          stdin: JSON.stringify(asJson()),
        },
      ),
      box.json([...AS_STRIPE, '--request', '-'], { stdin: message(BODY.replace('Zoë', 'Zoe')) }),
      box.json([...AS_STRIPE, '--at', String(AT + 301), '--request', '-'], {
        stdin: message(BODY),
      }),
      box.json([...AS_STRIPE, '--provider', 'stripe', '--request', '-'], {
        stdin: JSON.stringify({ headers: {}, body: BODY }),
      }),
    ]);
    const [rotated, ...rejected] = outcomes;
    // Of several secrets, one will do.
    expect(rotated).toMatchObject({ code: 0, status: 'verified', detail: 'secret 1 of 2' });
    const reasons = rejected.map((one) => ('lines' in one ? one.lines[0].reason : ''));
    expect(reasons).toEqual(['mismatch', 'mismatch', 'stale', 'missing']);
    expect(rejected.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    const changed = createHmac('sha256', SECRET).update(`${AT}.${BODY.replace('Zoë', 'Zoe')}`);
    const other = createHmac('sha256', 'whsec_of_somebody_else').update(`${AT}.${BODY}`);
    const text = JSON.stringify(outcomes);
    for (const digest of [changed.digest(), other.digest()]) {
      expect(text).not.toContain(digest.toString('hex'));
      expect(text).not.toContain(digest.toString('base64'));
    }
    expect(text).not.toContain(SECRET);
  });

  it('is told to people as well', async () => {
    const stdin = message(`${BODY} `);
    const { code, stdout } = await box.run([...AS_STRIPE, '--request', '-'], { stdin });
    expect(code).toBe(1);
    // Behind an empty line may follow how frameworks do it.
    const [first, ...under] = (stdout.split('\n\n')[0] ?? '').trimEnd().split('\n');
    expect(first).toBe('✗ rejected (mismatch)  Stripe  scheme stripe');
    expect(under.length).toBeGreaterThan(0);
    expect(under.every((line) => line.startsWith('  '))).toBe(true);
  });

  it('may allow for more time', async () => {
    const late = ['--at', String(AT + 301), '--tolerance', '10m'];
    expect(await verdict(asJson(), ...late)).toMatchObject({ code: 0, status: 'verified' });
  });

  it('needs a secret, and makes none for the purpose', async () => {
    const outcome = await box.run(['verify', '--request', '-'], { stdin: message(BODY) });
    expect(outcome.code).toBe(2);
    expectError(outcome, { says: /No Stripe secret is known/, hint: /STRIPE_WEBHOOK_SECRET/ });
    const { lines } = await box.json(['config', 'list']);
    expect(lines).toEqual([]);
  });

  it('takes the secret from where send and listen take it', async () => {
    const env = { STRIPE_WEBHOOK_SECRET: SECRET };
    const args = ['verify', '--at', String(AT), '--request', '-'];
    expect((await box.run(args, { stdin: message(BODY), env })).code).toBe(0);
  });

  it('knows who sent it only from the request, or from you', async () => {
    const stdin = JSON.stringify({ headers: {}, body: BODY });
    const outcome = await box.run(['verify', '--secret', SECRET, '--request', '-'], { stdin });
    expect(outcome.code).toBe(2);
    expectError(outcome, { says: /tells which provider/, hint: /--provider <id>/ });
    const unknown = await box.run([...AS_STRIPE, '--provider', 'stipe', '--request', '-'], {
      stdin,
    });
    expectError(unknown, { says: /no provider "stipe"/, hint: /"stripe"/ });
  });
});

describe('a request put together', () => {
  it('of headers and a body', async () => {
    box.write('body.json', BODY);
    const header = ['-H', `Stripe-Signature: ${SIGNATURE}`];
    for (const body of [BODY, '@body.json']) {
      expect((await box.run([...AS_STRIPE, ...header, '--body', body])).code).toBe(0);
    }
    const piped = await box.run([...AS_STRIPE, ...header, '--body', '-'], { stdin: BODY });
    expect(piped.code).toBe(0);
  });

  it('with the URL and the method where these are signed', async () => {
    const url = 'https://shop.example.com/hooks/square';
    const digest = createHmac('sha256', 'a square key of ours')
      .update(url + BODY)
      .digest('base64');
    const args = [
      'verify',
      '--provider',
      'square',
      '--secret',
      'a square key of ours',
      '--body',
      BODY,
    ];
    const header = ['-H', `x-square-hmacsha256-signature: ${digest}`];
    expect((await box.run([...args, ...header, '--public-url', url])).code).toBe(0);
    expect((await box.run([...args, ...header])).code).toBe(1);
  });

  it('of a form', async () => {
    const url = 'https://shop.example.com/sms';
    const digest = createHmac('sha1', 'a twilio token of ours')
      .update(`${url}BodyhiFrom+1`)
      .digest('base64');
    const { code } = await box.run([
      ...[
        'verify',
        '--provider',
        'twilio',
        '--secret',
        'a twilio token of ours',
        '--public-url',
        url,
      ],
      ...['-H', `X-Twilio-Signature: ${digest}`, '--body', 'From=%2B1&Body=hi'],
    ]);
    expect(code).toBe(0);
  });

  it('is one, and only one', async () => {
    for (const args of [
      [],
      ['--body', 'x', '--request', 'y'],
      ['--event', 'last', '--body', 'x'],
    ]) {
      const outcome = await box.run(['verify', ...args]);
      expect(outcome.code).toBe(2);
      expectError(outcome, { says: /needs one request/, hint: /--request .*--event .*--body/ });
    }
  });

  it.each([
    ['--request', 'gone.json'],
    ['--body', '@gone.json'],
  ])('is refused when the file of %s is not there', async (option, file) => {
    const outcome = await box.run([...AS_STRIPE, option, file]);
    expect(outcome.code).toBe(2);
    expectError(outcome, { says: /cannot read .*gone\.json: ENOENT/, hint: /Check the path/ });
  });

  it('is refused when the certificate is not there', async () => {
    const outcome = await box.run([
      ...AS_STRIPE,
      '--body',
      'x',
      '--provider',
      'paypal',
      '--cert',
      'no.pem',
    ]);
    expect(outcome.code).toBe(2);
    expectError(outcome, { says: /--cert: cannot read/, hint: /PEM/ });
  });
});

describe('a captured event', () => {
  beforeAll(async () => {
    const send = ['send', 'github', 'push', '--secret', 'a github secret of ours'];
    const listening = await box.listen(['--secret', 'github=a github secret of ours']);
    await box.run(send);
    await listening.stop();
  });

  it('is judged as of when it came, by the provider it was recorded for', async () => {
    const args = ['verify', '--event', 'last', '--secret', 'a github secret of ours'];
    expect((await box.json(args)).lines[0]).toMatchObject({
      provider: 'github',
      status: 'verified',
    });
    const other = await box.run([...args.slice(0, 3), '--secret', 'another github secret']);
    expect(other.code).toBe(1);
  });

  it('is as old as it was then, or as of the time that is given', async () => {
    const at = Math.floor(Date.now() / 1_000) - 3_600;
    const body = '{"id":"evt_2","type":"invoice.paid"}';
    const digest = createHmac('sha256', SECRET).update(`${at}.${body}`).digest('hex');
    const listening = await box.listen(['--secret', `stripe=${SECRET}`, '--tolerance', '1d']);
    await fetch(`${listening.url}/webhook/stripe`, {
      method: 'POST',
      headers: { 'Stripe-Signature': `t=${at},v1=${digest}` },
      body,
    });
    await listening.stop();
    const args = ['verify', '--event', 'last', '--secret', SECRET];
    expect((await box.run(args)).stdout).toMatch(/rejected \(stale\)/);
    expect((await box.run([...args, '--at', String(at)])).code).toBe(0);
  });

  it('is named as everywhere', async () => {
    const outcome = await box.run([...AS_STRIPE, '--event', 'evt_0000']);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/evt_0000/);
  });
});
