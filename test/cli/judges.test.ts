import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SPOILS } from '../../src/deliver/spoil.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import { getProvider } from '../../src/providers/index.ts';
import { type Listening, Sandbox } from '../helpers/cli.ts';
import { type Handler, type JudgedProvider, serve, serveJudge } from '../helpers/handlers.ts';

const JUDGED: readonly JudgedProvider[] = ['stripe', 'github', 'standard-webhooks'];

describe.each(JUDGED)("%s's own library judges", (provider) => {
  const box = new Sandbox(afterAll);
  const events = listFixtures(provider).map(({ event }) => event);
  const event = events[0] as string;
  let handler: Handler;
  let listener: Listening;

  beforeAll(async () => {
    const { stdout } = await box.run(['secret', provider]);
    handler = await serveJudge(provider, stdout.trim(), box.atEnd);
    listener = await box.listen(['--json', '--forward', handler.url]);
  });

  const send = (...args: string[]) => box.json(['send', provider, ...args]);

  it.each(events)('accepts %s, sent directly and through the listener', async (name) => {
    const before = handler.accepted.length;
    const [direct, through] = await Promise.all([send(name, '--to', handler.url), send(name)]);
    for (const { code, lines } of [direct, through]) {
      expect(lines[0]).toMatchObject({ kind: 'delivery', type: name, status: 200, ok: true });
      expect(code).toBe(0);
    }
    const ids = [direct, through].map(({ lines }) => lines[0].eventId);
    expect(handler.accepted.slice(before).sort()).toEqual(ids.sort());
    const heard = await listener.happening(
      ({ kind, eventId }) => kind === 'event' && eventId === through.lines[0].eventId,
    );
    expect(heard).toMatchObject({
      type: name,
      source: 'received',
      verdict: { status: 'verified' },
    });
  });

  it('accepts a replay that is signed again', async () => {
    const { lines: sent } = await send(event, '--to', handler.url);
    const before = handler.accepted.length;
    const { code, lines } = await box.json(['replay', sent[0].eventId, '--resign']);
    expect(lines[0]).toMatchObject({ cause: 'replay', status: 200, eventId: sent[0].eventId });
    expect(code).toBe(0);
    expect(handler.accepted.slice(before)).toEqual([sent[0].eventId]);
  });

  const dated = getProvider(provider).schemes[0]?.toleranceMs !== undefined;
  const spoils = Object.keys(SPOILS).filter((spoil) => dated || spoil !== 'timestamp');

  it.each(spoils)('refuses it with its %s spoiled', async (spoil) => {
    const { accepted, refused } = handler;
    const before = accepted.length;
    const { code, lines } = await send(event, '--to', handler.url, '--spoil', spoil);
    expect(lines[0]).toMatchObject({ kind: 'delivery', expected: '4xx', status: 400, ok: true });
    expect(code).toBe(0);
    expect(accepted).toHaveLength(before);
    expect(handler.refused).toBe(refused + 1);
  });

  it('and a careless handler is found out', async () => {
    const careless = await serve((request, response) => {
      request.resume().on('end', () => response.end('thanks'));
    }, onTestFinished);
    const { code, lines } = await send(event, '--to', careless.url, '--spoil', 'signature');
    expect(lines[0]).toMatchObject({ expected: '4xx', status: 200, ok: false });
    expect(code).toBe(1);
  });
});
