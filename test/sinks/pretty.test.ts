import { describe, expect, it } from 'vitest';
import type { Happening } from '../../src/core/types.ts';
import { prettySink } from '../../src/sinks/pretty.ts';
import { answer, ID, plain, shownEvent } from '../terminal/samples.ts';

function watch(width?: number) {
  const written: string[] = [];
  const sink = prettySink({
    write: (text) => written.push(text),
    theme: plain,
    deadlineOf: (provider) => (provider === 'stripe' ? 20 : undefined),
    ...(width === undefined ? {} : { width }),
  });
  return { sink, written };
}

const endpoint = 'http://localhost:3000/';
const url = 'http://127.0.0.1:4400';
const event = shownEvent();

describe('happenings as lines for people', () => {
  it.each<[string, Happening, string]>([
    [
      'ready',
      { kind: 'listening', url, forward: ['http://localhost:3000', 'http://localhost:4000'] },
      `Ready! ${url} -> http://localhost:3000, http://localhost:4000\n`,
    ],
    [
      'ready without a target',
      { kind: 'listening', url, forward: [] },
      `Ready! ${url} (answering 200)\n`,
    ],
    [
      'ready with a dashboard',
      { kind: 'listening', url, forward: [], dashboard: 'http://127.0.0.1:4401/?token=t' },
      `Ready! ${url} (answering 200)\nDashboard: http://127.0.0.1:4401/?token=t\n`,
    ],
    [
      'an event',
      { kind: 'event', event },
      `15:04:05  --> stripe  invoice.paid  ${ID}  ✓ verified\n`,
    ],
    [
      'a delivery that was late',
      {
        kind: 'delivery',
        event,
        delivery: { cause: 'forward', endpoint, attempts: [answer(200)] },
      },
      `15:04:05  <-- 200  POST ${endpoint}  ${ID}  34 ms\n          over the deadline of stripe, 20 ms\n`,
    ],
    [
      'trouble',
      { kind: 'trouble', code: 'x', message: 'The disk\nis full.', hint: 'hookcli prune' },
      'trouble: The disk\\x0ais full.\n  hookcli prune\n',
    ],
  ])('%s', (_, happening, text) => {
    const { sink, written } = watch();
    sink(happening);
    expect(written).toEqual([text]);
  });

  it('keep what is quoted of an answer on one line of the terminal', () => {
    const { sink, written } = watch(50);
    const other = shownEvent({ provider: 'generic' });
    const attempts = [answer(500, 'x'.repeat(300))];
    sink({ kind: 'delivery', event: other, delivery: { cause: 'forward', endpoint, attempts } });
    expect(written[0]?.split('\n')[1]).toBe(`          ${'x'.repeat(39)}…`);
  });
});

describe('a sink for people', () => {
  it('says so when a happening cannot be shown, and goes on', () => {
    const { sink, written } = watch();
    sink({ kind: 'delivery', event, delivery: { cause: 'forward', endpoint, attempts: [] } });
    sink({ kind: 'event', event });
    expect(written[0]).toMatch(
      new RegExp(`^trouble: The delivery ${ID} could not be shown: .+\n$`),
    );
    expect(written[1]).toContain('✓ verified');
  });

  it('never throws, and is silent once its reader has gone', () => {
    let writes = 0;
    const sink = prettySink({
      write: () => {
        writes++;
        throw Object.assign(new Error('broken pipe'), { code: 'EPIPE' });
      },
      theme: plain,
      deadlineOf: () => undefined,
    });
    sink({ kind: 'event', event });
    sink({ kind: 'event', event });
    expect(writes).toBe(1);
  });
});
