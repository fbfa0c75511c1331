import { createHmac } from 'node:crypto';
import { Webhooks } from '@octokit/webhooks';
import Stripe from 'stripe';
import { afterAll, describe, expect, it } from 'vitest';
import { expectError, Sandbox } from '../helpers/cli.ts';
import { serveJudge } from '../helpers/handlers.ts';

const box = new Sandbox(afterAll);

const BODY = '{"id":"evt_1","type":"invoice.paid","name":"Zoë / 🎉"}';
box.write('body.json', BODY);

const sign = (...args: string[]) => box.run(['sign', ...args]);
const headersIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(': ') as [string, string]),
  );

describe('the headers', () => {
  it('are those that stripe-node takes', async () => {
    const secret = 'whsec_of_this_test_only_2026';
    for (const body of ['@body.json', BODY]) {
      const { code, stdout, stderr } = await sign(
        '--provider',
        'stripe',
        '--secret',
        secret,
        '--body',
        body,
      );
      expect([code, stderr]).toEqual([0, '']);
      const headers = headersIn(stdout);
      expect(Object.keys(headers)).toEqual(['Stripe-Signature']);
      const signature = headers['Stripe-Signature'] as string;
      const event = new Stripe('sk_test_unused').webhooks.constructEvent(BODY, signature, secret);
      expect(event.id).toBe('evt_1');
    }
  });

  it('are those that Octokit takes', async () => {
    const secret = 'a github secret of ours';
    const args = ['--provider', 'github', '--secret', secret, '--body', '-'];
    const { stdout } = await box.run(['sign', ...args], { stdin: BODY });
    const signature = headersIn(stdout)['X-Hub-Signature-256'] as string;
    expect(await new Webhooks({ secret }).verify(BODY, signature)).toBe(true);
  });

  it('are the same for the same time and id', async () => {
    const args = [
      '--provider',
      'standard-webhooks',
      '--body',
      BODY,
      '--at',
      '1795000000',
      '--id',
      'msg_1',
    ];
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const { stdout } = await sign(...args, '--secret', secret);
    const digest = createHmac('sha256', Buffer.alloc(32, 7)).update(`msg_1.1795000000.${BODY}`);
    expect(headersIn(stdout)).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1795000000',
      'webhook-signature': `v1,${digest.digest('base64')}`,
    });
  });

  it('take the id that the body has', async () => {
    const { stdout } = await sign(
      ...['--provider', 'standard-webhooks', '--body', BODY, '-H', 'webhook-id: msg_mine'],
    );
    // It is not printed again, since signing left it as it was.
    expect(Object.keys(headersIn(stdout)).sort()).toEqual([
      'webhook-signature',
      'webhook-timestamp',
    ]);
  });

  it('are made with the secret that send and listen share', async () => {
    const { stdout: secret } = await box.run(['secret', 'generic']);
    const { stdout } = await sign('--provider', 'generic', '--body', BODY);
    const digest = createHmac('sha256', secret.trim()).update(BODY).digest('hex');
    expect(stdout).toBe(`X-Signature: ${digest}\n`);
  });
});

describe('the whole request', () => {
  it('goes to a real handler as a curl command', async () => {
    const secret = 'whsec_of_this_test_only_2026';
    const handler = await serveJudge('stripe', secret, box.atEnd);
    const curl = `hookcli sign --provider stripe --secret ${secret} --body @body.json --curl --to ${handler.port}`;
    const { code, stderr } = await box.shell(`eval "$(${curl}) -sS -f"`);
    expect([code, stderr]).toEqual([0, '']);
    expect(handler.accepted).toEqual(['evt_1']);
  });

  it('is one line of JSON, which verify reads', async () => {
    const args = ['--secret', 'a github secret of ours', '--provider', 'github'];
    const { lines } = await box.json(['sign', ...args, '--body', BODY, '--to', '3000/hooks']);
    expect(lines).toMatchObject([
      { kind: 'request', method: 'POST', url: 'http://localhost:3000/hooks', body: BODY },
    ]);
    const verified = await box.run(['verify', ...args, '--request', '-'], {
      stdin: JSON.stringify(lines[0]),
    });
    expect(verified.code).toBe(0);
  });

  it('is needed where the signature lies in the body', async () => {
    const secret = 'publickeyofours|privatekeyofours';
    const body = 'bt_payload=%3Cnotification%3E%3Ckind%3Echeck%3C%2Fkind%3E%3C%2Fnotification%3E';
    const args = ['sign', '--provider', 'braintree', '--secret', secret, '--body', body];
    const bare = await box.run(args);
    expect(bare).toMatchObject({ code: 0, stdout: '' });
    expect(bare.stderr).toMatch(/not in headers alone.*--curl or --json/);
    const { stdout } = await box.run([...args, '--json']);
    const verifying = ['verify', '--provider', 'braintree', '--secret', secret, '--request', '-'];
    expect((await box.run(verifying, { stdin: stdout })).code).toBe(0);
  });
});

describe('a signed URL', () => {
  const SQUARE = ['--provider', 'square', '--secret', 'a square key of ours', '--body', BODY];
  const expected = (url: string) =>
    createHmac('sha256', 'a square key of ours')
      .update(url + BODY)
      .digest('base64');

  it('is that of the target, or the public one', async () => {
    const local = headersIn((await sign(...SQUARE, '--to', 'localhost:3000/hooks')).stdout);
    expect(Object.values(local)).toEqual([expected('http://localhost:3000/hooks')]);
    const url = 'https://shop.example.com/hooks';
    const both = await sign(...SQUARE, '--to', 'localhost:3000/x', '--public-url', url);
    expect(Object.values(headersIn(both.stdout))).toEqual([expected(url)]);
  });

  it('must be known', async () => {
    const outcome = await sign(...SQUARE);
    expect(outcome.code).toBe(2);
    expectError(outcome, { says: /Square signs the URL too/, hint: /--to .*--public-url/ });
  });
});

it.each([
  ['who signs', ['--body', BODY], /needs a provider/],
  ['what is signed', ['--provider', 'github'], /needs a body/],
])('asks %s', async (_, args, says) => {
  const outcome = await sign(...args);
  expect(outcome.code).toBe(2);
  expectError(outcome, { says, hint: /hookcli sign --provider github --body @payload\.json/ });
});
