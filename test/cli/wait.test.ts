import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sandbox } from '../helpers/cli.ts';
import { serveAnswers } from '../helpers/handlers.ts';

const box = new Sandbox(afterAll);
const send = (...args: string[]) => box.run(['send', ...args]);

beforeAll(async () => {
  // Nobody listens there; the event is recorded all the same.
  await send('stripe', 'charge.failed', '--to', 'http://127.0.0.1:1');
  await box.listen();
});

describe('wait', () => {
  it('sees what came since the listener started', async () => {
    expect((await send('stripe', 'invoice.paid')).code).toBe(0);
    const { code, lines } = await box.json(['wait', 'type:invoice.paid', '--within', '10s']);
    expect(code).toBe(0);
    expect(lines).toMatchObject([{ kind: 'event', type: 'invoice.paid', source: 'received' }]);
    expect(lines[0]).toHaveProperty('body');
    expect(lines[0]).toHaveProperty('headers');
  });

  it('is not content with what came before', async () => {
    const { code, stdout, stderr } = await box.run([
      ...['wait', 'type:charge.failed', '--within', '300ms'],
    ]);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('Gave up after 300ms: 0 of 1 came, 1 came that did not match');
  });

  it('waits for what is yet to come, as many as are asked for', async () => {
    const waiting = box.json(['wait', 'provider:github', '-n', '2', '--within', '20s']);
    expect((await send('github', 'ping')).code).toBe(0);
    expect((await send('github', 'push')).code).toBe(0);
    const { code, lines } = await waiting;
    expect(code).toBe(0);
    expect(lines.map(({ type }) => type)).toEqual(['ping', 'push']);
  });

  it('looks only behind the event it is told', async () => {
    const { lines } = await box.json(['list', '-n', '1']);
    const last = String(lines[0]?.id);
    const none = await box.run(['wait', 'provider:github', '--after', last, '--within', '200ms']);
    expect(none.code).toBe(3);
    await send('github', 'push');
    const one = await box.json(['wait', 'provider:github', '--after', last, '--within', '10s']);
    expect(one.code).toBe(0);
    expect(one.lines).toHaveLength(1);
  });

  it('sees how a delivery of an event ended, which comes after the event', async () => {
    const { code } = await box.run(['wait', 'state:delivered', '--within', '200ms']);
    expect(code).toBe(3);
    const handler = await serveAnswers((_request, response) => response.end(), box.atEnd);
    const waiting = box.run(['wait', 'state:delivered', '--within', '20s']);
    expect((await box.run(['replay', 'last', '--to', handler.url])).code).toBe(0);
    expect((await waiting).code).toBe(0);
  });

  it('says what is wrong with its words', async () => {
    const { code, stderr } = await box.run(['wait', 'provder:x']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "provider:"?');
  });
});
