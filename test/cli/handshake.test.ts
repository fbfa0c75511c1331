import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { expectError, jsonLines, Sandbox } from '../helpers/cli.ts';
import { type Handler, type SeenRequest, serveAnswers } from '../helpers/handlers.ts';
import { closedPort } from '../helpers/servers.ts';

const box = new Sandbox(afterAll);

const SECRETS = {
  slack: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  meta: 'a verify token of ours',
  zoom: 'a zoom secret of ours',
};

/** What a developer writes; changed by the tests that want it wrong. */
let answer: (request: SeenRequest) => readonly [status: number, body?: string] = () => [200];
let handler: Handler & { readonly seen: SeenRequest[] };

beforeAll(async () => {
  handler = await serveAnswers((request, response) => {
    const [status, body = ''] = answer(request);
    response.writeHead(status, { 'Content-Type': 'text/html' }).end(body);
  }, box.atEnd);
});
beforeEach(() => {
  handler.seen.length = 0;
});

const challengeOf = ({ body }: SeenRequest): string => JSON.parse(body.toString()).challenge;
const play = (provider: keyof typeof SECRETS, ...more: string[]) =>
  box.json([
    'send',
    provider,
    '--handshake',
    '--to',
    handler.url,
    '--secret',
    SECRETS[provider],
    ...more,
  ]);

describe('send --handshake', () => {
  it('is content with a handler that answers as it should', async () => {
    answer = (request) => [200, challengeOf(request)];
    const { code, lines, stderr } = await play('slack');
    expect([code, stderr]).toEqual([0, '']);
    expect(lines).toMatchObject([
      { kind: 'delivery', provider: 'slack', handshake: 'url_verification', status: 200, ok: true },
      { kind: 'summary', sent: 1, ok: 1 },
    ]);
    const [seen] = handler.seen;
    expect(seen?.url).toBe('/webhook/slack');
    const time = seen?.headers['x-slack-request-timestamp'];
    const hmac = createHmac('sha256', SECRETS.slack).update(`v0:${time}:${seen?.body}`);
    expect(seen?.headers['x-slack-signature']).toBe(`v0=${hmac.digest('hex')}`);
  });

  it('says what was expected of one that does not', async () => {
    answer = () => [200, 'thanks'];
    const { code, lines } = await play('slack');
    expect(code).toBe(1);
    expect(lines[0]).toMatchObject({
      ok: false,
      fault: expect.stringMatching(/^It answered with the body "thanks"; expected is "\w{52}"\.$/),
    });
    const pretty = await box.run(['send', 'slack', '--handshake', '--to', handler.url]);
    expect(pretty.code).toBe(1);
    expect(pretty.stdout).toMatch(/--> slack {2}handshake url_verification/);
    expect(pretty.stdout).toMatch(/the body "thanks"; expected is/);
  });

  it('asks by GET with the verify token, which is not printed', async () => {
    answer = ({ url }) => [200, new URL(url, 'http://x').searchParams.get('hub.challenge') ?? ''];
    const { code, lines } = await play('meta');
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({
      handshake: 'hub.challenge',
      endpoint: `${handler.url}/webhook/meta`,
    });
    expect(JSON.stringify(lines)).not.toContain(encodeURIComponent(SECRETS.meta));
    expect(JSON.stringify(lines)).not.toContain('verify_token');
    const [seen] = handler.seen;
    expect(seen).toMatchObject({ method: 'GET' });
    const query = new URL(seen?.url ?? '', 'http://x').searchParams;
    expect(query.get('hub.verify_token')).toBe(SECRETS.meta);
  });

  it('wants a secret used, where the answer depends on one', async () => {
    const crc = (secret: string) => (request: SeenRequest) => {
      const { payload } = JSON.parse(request.body.toString());
      const encryptedToken = createHmac('sha256', secret).update(payload.plainToken).digest('hex');
      return [200, JSON.stringify({ plainToken: payload.plainToken, encryptedToken })] as const;
    };
    answer = crc(SECRETS.zoom);
    expect((await play('zoom')).code).toBe(0);
    answer = crc('another secret');
    const { code, lines } = await play('zoom');
    expect(code).toBe(1);
    expect(lines[0].fault).toMatch(/"encryptedToken"/);
  });

  it('tries a false signature where the provider does', async () => {
    answer = () => [200];
    const { code, lines } = await box.json(['send', 'xero', '--handshake', '--to', handler.url]);
    expect(code).toBe(1);
    expect(lines).toMatchObject([
      { status: 200, expected: '200', ok: true },
      { status: 200, expected: '401', ok: false, fault: 'It answered 200; expected is 401.' },
      { kind: 'summary', sent: 2, ok: 1 },
    ]);
    expect(handler.seen).toHaveLength(2);
  });

  it('plays the one that is named, where a provider has several', async () => {
    answer = () => [204];
    const args = ['--handshake', '--to', handler.url];
    const { lines } = await box.json(['send', 'discord', 'webhook_ping', ...args]);
    expect(lines[0]).toMatchObject({ handshake: 'webhook_ping', status: 204, ok: true });
    expect(JSON.parse(handler.seen[0]?.body.toString() ?? '')).toMatchObject({ type: 0 });
  });

  it('is judged by the deadline as well', async () => {
    answer = (request) => [200, challengeOf(request)];
    const slow = await serveAnswers(async (request, response) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      response.end(challengeOf(request));
    }, box.atEnd);
    const args = ['send', 'slack', '--handshake', '--to', slow.url, '--within', '20ms'];
    expect((await box.json(args)).code).toBe(1);
  });

  it('cannot judge what is not there', async () => {
    const args = ['send', 'discord', '--handshake', '--to', String(await closedPort())];
    const { code, lines } = await box.json(args);
    expect(code).toBe(3);
    expect(lines).toMatchObject([{ failure: 'refused', ok: false }, { sent: 1 }]);
  });

  it('prints what it would ask', async () => {
    const args = ['send', 'dropbox', '--handshake', '--dry-run', '--to', '3000/hooks?a=1'];
    const { code, lines } = await box.json(args);
    expect(code).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ kind: 'request', method: 'GET', body: '' });
    expect(lines[0].url).toMatch(/^http:\/\/localhost:3000\/hooks\?a=1&challenge=\w{52}$/);
    const curl = await box.run([...args, '--curl']);
    expect(curl.stdout).toMatch(/^curl -X GET 'http:\/\/localhost:3000\/hooks\?a=1&challenge=/);
  });

  it('is recorded with its answer', async () => {
    answer = (request) => [200, challengeOf(request)];
    await play('slack');
    const { lines } = await box.json(['list', '-n', '1']);
    expect(lines[0]).toMatchObject({
      source: 'sent',
      handshake: 'url_verification',
      verdict: { status: 'verified' },
      deliveries: [{ cause: 'send', status: 200 }],
    });
    expect((await box.run(['list', '-n', '1'])).stdout).toContain('handshake url_verification');
    expect((await box.run(['show', 'last'])).stdout).toMatch(/^handshake +url_verification$/m);
  });

  it.each([
    ['a provider that has none', ['stripe'], /no handshake/, /slack.*discord.*xero/],
    [
      'a name it does not have',
      ['slack', 'url_verificaton'],
      /no handshake "url/,
      /"url_verification"/,
    ],
    ['a payload of yours', ['slack', '--data', '{}'], /--data does not go/, /made by hookcli/],
    ['something to spoil', ['slack', '--spoil', 'body'], /--spoil does not go/, /made by hookcli/],
  ])('refuses %s', async (_, args, says, hint) => {
    const outcome = await box.run(['send', ...args, '--handshake', '--to', handler.url]);
    expect(outcome.code).toBe(2);
    expectError(outcome, { says, hint });
    expect(handler.seen).toEqual([]);
  });
});

describe('listen', () => {
  const all = providers.filter(({ handshakes }) => handshakes !== undefined).map(({ id }) => id);

  it('answers the handshakes of every provider that has them', async () => {
    const listening = await box.listen(['--json']);
    expect(all).toHaveLength(13);
    for (const id of all) {
      const { code, stdout } = await box.run(['send', id, '--handshake', '--json']);
      expect([id, code, stdout]).toEqual([id, 0, expect.stringContaining('"ok":true')]);
      const { handshake } = jsonLines(stdout)[0];
      const event = await listening.happening((line) => line.provider === id);
      expect(event).toMatchObject({ kind: 'event', handshake, source: 'received' });
    }
    await listening.stop();
  }, 60_000);

  it('shows them as what they are', async () => {
    const listening = await box.listen(['--events', 'message']);
    await box.run(['send', 'slack', '--handshake']);
    const line = await listening.line(/--> slack/);
    expect(line).toMatch(/--> slack {2}handshake url_verification {2}evt_\w{26} {2}✓ verified$/);
    await box.run(['send', 'meta', '--handshake']);
    await listening.line(
      /--> meta {2}handshake hub\.challenge {2}evt_\w{26} {2}! unchecked \(handshake\)$/,
    );
    await listening.stop();
  });

  it('leaves the answer to a handler', async () => {
    answer = () => [200, 'not the challenge'];
    const listening = await box.listen(['--json', '--forward', handler.url]);
    expect((await box.run(['send', 'slack', '--handshake'])).code).toBe(1);
    expect(handler.seen).toHaveLength(1);
    answer = (request) => [200, challengeOf(request)];
    expect((await box.run(['send', 'slack', '--handshake'])).code).toBe(0);
    await listening.stop();
  });

  it('takes up the token that Notion sends, and never prints it', async () => {
    const token = 'secret_9sWm2QpLr8TzXv4KbHcN6yJdGfE3aUo7';
    const listening = await box.listen(['--json']);
    const post = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${listening.url}/webhook/notion`, { method: 'POST', body, headers });
    const event = '{"id":"n1","type":"page.created"}';
    const signature = `sha256=${createHmac('sha256', token).update(event).digest('hex')}`;
    await post(event, { 'X-Notion-Signature': signature });
    expect((await post(JSON.stringify({ verification_token: token }))).status).toBe(200);
    await post(event, { 'X-Notion-Signature': signature });
    await listening.happening((line) => line.verdict?.status === 'verified');
    const events = listening.json.filter(({ kind }) => kind === 'event');
    expect(events.map(({ verdict }) => verdict.status)).toEqual([
      'rejected',
      'unchecked',
      'verified',
    ]);
    expect(events[1].verdict.hint).toContain('hookcli config set secrets.notion');
    expect(JSON.stringify(events.map(({ verdict }) => verdict))).not.toContain(token);
    await listening.stop();
  });

  it('does not count one for --exit-after', async () => {
    const listening = await box.listen(['--exit-after', '1']);
    await box.run(['send', 'slack', '--handshake']);
    await box.run(['send', 'slack', 'message']);
    const { code, stdout } = await listening.ended();
    expect(code).toBe(0);
    expect(stdout.match(/-->/g)).toHaveLength(2);
  });
});

describe('--public-url', () => {
  const PUBLIC = 'https://shop.example.com';
  const SQUARE = ['send', 'square', 'payment.created'];

  it('is what both sides sign and compare, an origin or the whole', async () => {
    const listening = await box.listen(['--json', '--public-url', PUBLIC]);
    await box.run([...SQUARE, '--public-url', PUBLIC]);
    await box.run([...SQUARE, '--public-url', `${PUBLIC}/webhook/square`]);
    await listening.happening((line) => line.kind === 'event');
    await box.run(SQUARE);
    await listening.happening((line) => line.verdict?.status === 'rejected');
    const verdicts = listening.json.flatMap(({ verdict }) => verdict ?? []);
    expect(verdicts.map(({ status }) => status)).toEqual(['verified', 'verified', 'rejected']);
    expect(verdicts[2]).toMatchObject({
      reason: 'mismatch',
      detail: expect.stringContaining('another URL'),
      hint: expect.stringContaining('--public-url'),
    });
    await listening.stop();
  });

  it('is told when the URL that was used may be the wrong one', async () => {
    const listening = await box.listen();
    await box.run([...SQUARE, '--public-url', PUBLIC]);
    const hint = await listening.line(/The URL was taken to be/);
    expect(hint).toContain(`${listening.url}/webhook/square;`);
    expect(hint).toContain('--public-url');
    await listening.stop();
    // Where no URL is signed, there is no word of it.
    const other = await box.listen(['--secret', 'stripe=whsec_0123456789abcdef']);
    await box.run(['send', 'stripe', 'invoice.paid', '--secret', 'whsec_fedcba9876543210']);
    await other.line(/rejected \(mismatch\)/);
    const { stdout } = await other.stop();
    expect(stdout).not.toContain('URL');
  });

  it('signs a replay anew for where it goes, or as the provider knows it', async () => {
    const listening = await box.listen(['--json', '--public-url', PUBLIC]);
    await box.run([...SQUARE, '--public-url', PUBLIC]);
    await listening.stop();
    const again = await box.listen(['--json']);
    const to = ['replay', 'last', '--resign', '--to', again.url];
    await box.run(to);
    await box.run([...to, '--public-url', PUBLIC]);
    await again.happening((line) => line.verdict?.status === 'rejected');
    const statuses = again.json.flatMap(({ verdict }) => verdict?.status ?? []);
    expect(statuses).toEqual(['verified', 'rejected']);
    await again.stop();
  });

  it.each(['shop.example.com', 'ftp://shop.example.com', 'https://', 'https://a b'])(
    'refuses %j',
    async (url) => {
      const outcome = await box.run([...SQUARE, '--public-url', url]);
      expect(outcome.code).toBe(2);
      expectError(outcome, { says: /--public-url: ".*" is not an address/, hint: /https:\/\// });
    },
  );
});
