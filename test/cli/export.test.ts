import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sandbox } from '../helpers/cli.ts';
import { type Handler, type SeenRequest, serveAnswers } from '../helpers/handlers.ts';

const box = new Sandbox(afterAll);
let handler: Handler & { readonly seen: SeenRequest[] };

beforeAll(async () => {
  handler = await serveAnswers((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('thanks');
  }, box.atEnd);
  for (const [provider, event] of [
    ['stripe', 'customer.created'],
    ['github', 'issues.opened'],
    ['slack', 'slash_command'],
  ] as const) {
    const { code } = await box.run(['send', provider, event, '--to', handler.url]);
    expect(code).toBe(0);
  }
});

describe('export', () => {
  it('as JSON lines and as HAR is read again unchanged, and once only', async () => {
    const { lines: before } = await box.json(['export']);
    expect(before).toHaveLength(3);
    for (const format of ['json', 'har']) {
      const file = path.join(box.root, `events.${format}`);
      expect((await box.run(['export', '--format', format, '-o', file])).code).toBe(0);
      const store = path.join(box.root, `from-${format}`);
      for (let i = 0; i < 2; i++) {
        const imported = await box.run(['import', file, '--store', store]);
        expect(imported.code).toBe(0);
      }
      const { lines: after } = await box.json(['export', '--store', store]);
      const known = ({
        id,
        provider,
        type,
        headers,
        body,
        deliveries,
      }: (typeof after)[number]) => ({
        ...{ id, provider, type, headers, body },
        deliveries,
      });
      expect(after.map(known)).toEqual(before.map(known));
    }
  });

  it('as curl is a command that sends the same bytes', async () => {
    const sent = handler.seen.at(-1) as SeenRequest;
    const { stdout } = await box.run(['export', 'last', '--format', 'curl', '--to', handler.url]);
    const { code } = await box.shell(stdout);
    expect(code).toBe(0);
    const again = handler.seen.at(-1) as SeenRequest;
    expect(again).not.toBe(sent);
    expect(again.body).toEqual(sent.body);
    expect(again.headers['x-slack-signature']).toBe(sent.headers['x-slack-signature']);
  });

  it('as a fixture is sent like any other', async () => {
    const out = ['--format', 'fixture', '-o', '.hookcli/fixtures'];
    const { code } = await box.run(['export', 'provider:github', ...out]);
    expect(code).toBe(0);
    const file = path.join(box.store, 'fixtures/github/issues.opened.json');
    expect(fs.readFileSync(file, 'utf8')).toContain('{{');
    const sent = await box.run(['send', 'github', 'issues.opened', '--to', handler.url]);
    expect(sent.code).toBe(0);
    expect(JSON.parse(String(handler.seen.at(-1)?.body))).toMatchObject({ action: 'opened' });
  });

  it('keeps back what is secret or of a person', async () => {
    const { stdout, stderr } = await box.run([
      ...['export', 'provider:stripe', '--format', 'http', '--redact'],
    ]);
    const { stdout: whole } = await box.run(['export', 'provider:stripe', '--format', 'http']);
    const signature = /^Stripe-Signature: (.+)$/im.exec(whole)?.[1] as string;
    expect(stdout).not.toContain(signature);
    expect(stderr).toContain('redacted in one event');
  });

  it('of nothing is no success', async () => {
    const { code, stderr } = await box.run(['export', 'provider:nobody']);
    expect(code).toBe(5);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('import', () => {
  it('recognises bare payloads, names a bad line and goes on', async () => {
    const { stdout } = await box.run(['fixtures', 'stripe', 'invoice.paid', '--quiet']);
    const line = JSON.stringify(JSON.parse(stdout));
    const store = path.join(box.root, 'bare');
    const { code, stderr } = await box.run(['import', '-', '--store', store], {
      stdin: `${line}\n{ oops\n${line.replace('invoice.paid', 'invoice.voided')}\n`,
    });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/line 2|:2/);
    const { lines } = await box.json(['list', '--store', store]);
    expect(lines.map(({ provider, source }) => [provider, source])).toContainEqual([
      'stripe',
      'imported',
    ]);
  });
});

describe('diff', () => {
  it('tells headers and paths that differ', async () => {
    const { code, lines } = await box.json(['diff', 'last~1', 'last']);
    expect(code).toBe(1);
    expect(lines.length).toBeGreaterThan(0);
    const { stdout } = await box.run(['diff', 'last~1', 'last']);
    expect(stdout).toContain('headers');
    expect((await box.run(['diff', 'last', 'last'])).code).toBe(0);
  });
});
