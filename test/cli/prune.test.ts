import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sandbox } from '../helpers/cli.ts';
import { serveAnswers } from '../helpers/handlers.ts';

const box = new Sandbox(afterAll);
const types = async () =>
  (await box.json(['list'])).lines.map(({ provider, type }) => `${provider} ${type}`);

beforeAll(async () => {
  const handler = await serveAnswers((_request, response) => response.end(), box.atEnd);
  for (const event of ['ping', 'push', 'watch.started', 'star.created'])
    await box.run(['send', 'github', event, '--to', handler.url]);
  await box.run(['send', 'stripe', 'invoice.paid', '--to', handler.url]);
});

describe('prune', () => {
  it('asks what may go', async () => {
    const { code, stderr } = await box.run(['prune']);
    expect(code).toBe(2);
    expect(stderr).toContain('--older-than 7d');
  });

  it('only tells, when asked to', async () => {
    const { code, stdout } = await box.run(['prune', '--keep', '1', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Would remove 4 events \(.+\); one event kept, since 20/);
    expect(await types()).toHaveLength(5);
  });

  it('removes what matches, but for the newest that are kept', async () => {
    const { lines } = await box.json(['prune', '--query', 'provider:github', '--keep', '2']);
    expect(lines).toMatchObject([{ kind: 'pruned', events: 2, kept: 3, dryRun: false }]);
    expect(await types()).toEqual([
      'stripe invoice.paid',
      'github star.created',
      'github watch.started',
    ]);
  });

  it('leaves what is younger', async () => {
    const { stdout } = await box.run(['prune', '--older-than', '1h']);
    expect(stdout).toMatch(/^Removed 0 events/);
    expect(await types()).toHaveLength(3);
  });

  it('leaves what is pinned, until it is let go', async () => {
    expect((await box.run(['pin', 'last~1'])).stderr).toMatch(/^pinned: evt_/);
    const { stdout } = await box.run(['list', 'pin:true']);
    expect(stdout).toContain('verified, pinned');
    const { lines } = await box.json(['prune', '--query', 'provider:github']);
    expect(lines).toMatchObject([{ events: 1, kept: 2 }]);
    expect(await types()).toEqual(['stripe invoice.paid', 'github star.created']);
    expect((await box.run(['unpin', 'last~1'])).code).toBe(0);
    expect((await box.json(['list', 'pin:true'])).lines).toEqual([]);
    const nobody = await box.run(['pin', 'evt_nobody']);
    expect(nobody.code).toBe(2);
    expect((await box.run(['pin'])).code).toBe(2);
  });

  it('keeps as much as fits into a size', async () => {
    const { lines } = await box.json(['prune', '--keep', '1b']);
    expect(lines).toMatchObject([{ kept: 0 }]);
    expect(await types()).toEqual([]);
  });
});
