import { afterAll, describe, expect, it } from 'vitest';
import { Sandbox } from '../helpers/cli.ts';
import { serveAnswers } from '../helpers/handlers.ts';

const box = new Sandbox(afterAll);

describe('fixtures', () => {
  it('lists events with when they are sent, and stories with their events', async () => {
    const { code, lines } = await box.json(['fixtures', 'stripe']);
    expect(code).toBe(0);
    expect(lines.find(({ event }) => event === 'invoice.paid')).toMatchObject({
      kind: 'fixture',
      provider: 'stripe',
      contentType: 'application/json',
      when: expect.stringMatching(/\.$/),
      docs: expect.stringMatching(/^https:/),
    });
    const story = lines.find(({ story }) => story === 'subscription.lifecycle');
    expect(story).toMatchObject({ kind: 'story', provider: 'stripe' });
    expect(story?.events).toContain('invoice.paid');
  });

  it('prints a body that a pipe can keep, and beside it its headers and when it is sent', async () => {
    const { stdout, stderr } = await box.run(['fixtures', 'github', 'issues.opened']);
    expect(JSON.parse(stdout)).toMatchObject({ action: 'opened' });
    expect(stderr).toMatch(/^# .+\.\n# https:/);
    expect(stderr).toContain('X-GitHub-Event: issues\n');
    const quiet = await box.run(['fixtures', 'github', 'issues.opened', '--quiet']);
    expect(quiet.stderr).toBe('');
  });

  it('shows the steps of a story', async () => {
    const { stdout } = await box.run(['fixtures', 'github', 'pull_request.lifecycle']);
    expect(stdout).toMatch(/1 .*pull_request\.opened/);
    expect(stdout).toMatch(/\n2 .*pull_request\./);
  });
});

const OWN = { id: '{{eventId}}', type: '{{type}}', object: 'event', own: '{{int:4}}' };

describe('fixtures of one’s own', () => {
  it('are taken from the store and from the folder the project names, which counts most', async () => {
    const mine = new Sandbox(afterAll);
    const handler = await serveAnswers((_request, response) => response.end(), mine.atEnd);
    mine.write('.hookcli/fixtures/stripe/my.event.json', OWN);
    mine.write('.hookcli/fixtures/stripe/invoice.paid.json', { ...OWN, from: 'store' });
    const send = (event: string) => mine.run(['send', 'stripe', event, '--to', handler.url]);
    expect((await send('my.event')).code).toBe(0);
    expect(JSON.parse(String(handler.seen.at(-1)?.body))).toMatchObject({
      type: 'my.event',
      own: expect.any(Number),
    });
    await send('invoice.paid');
    expect(JSON.parse(String(handler.seen.at(-1)?.body))).toMatchObject({ from: 'store' });

    mine.write('webhooks/stripe/invoice.paid.json', { ...OWN, from: 'project' });
    mine.write('hookcli.config.json', { fixtures: 'webhooks' });
    expect((await send('invoice.paid')).code).toBe(0);
    expect(JSON.parse(String(handler.seen.at(-1)?.body))).toMatchObject({ from: 'project' });
    const { lines } = await mine.json(['fixtures', 'stripe']);
    expect(lines.map(({ event }) => event)).toContain('my.event');
  });

  it('may tell stories', async () => {
    const mine = new Sandbox(afterAll);
    mine.write('.hookcli/fixtures/github/about.json', {
      stories: { 'my.story': { steps: [{ event: 'ping' }, { event: 'push', after: '2s' }] } },
    });
    const { lines } = await mine.json(['send', 'github', 'my.story', '--dry-run']);
    expect(lines).toHaveLength(2);
  });

  it.each([
    ['no JSON', '{\n  "id": "x",\n  oops\n}\n', /my\.event\.json:3:3: not JSON/],
    [
      'an unknown hole',
      '{\n  "id": "{{nwo}}"\n}\n',
      /my\.event\.json:2:10: id has an unknown hole/,
    ],
    ['a part that is not there', '{"id": "{{part:none}}"}', /there is no part "none"/],
  ])('say where they are broken: %s', async (_name, text, message) => {
    const mine = new Sandbox(afterAll);
    mine.write('.hookcli/fixtures/stripe/my.event.json', text);
    const { code, stderr } = await mine.run(['send', 'stripe', 'my.event', '--dry-run']);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    const others = await mine.run(['send', 'stripe', 'invoice.paid', '--dry-run']);
    expect(others.code).toBe(0);
  });

  it('say that their folder is not there', async () => {
    const mine = new Sandbox(afterAll);
    mine.write('hookcli.config.json', { fixtures: 'nowhere' });
    const { code, stderr } = await mine.run(['send', 'stripe', 'invoice.paid', '--dry-run']);
    expect(code).toBe(2);
    expect(stderr).toContain('nowhere is not there');
  });
});
