import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Sandbox } from '../helpers/cli.ts';
import { type Handler, type SeenRequest, serveAnswers } from '../helpers/handlers.ts';

const box = new Sandbox(afterAll);
let handler: Handler & { readonly seen: SeenRequest[] };
let answerStatus = 200;

beforeAll(async () => {
  handler = await serveAnswers((_request, response) => {
    response.writeHead(answerStatus).end('ok');
  }, box.atEnd);
});
beforeEach(() => {
  handler.seen.length = 0;
  answerStatus = 200;
});

interface StripeEvent {
  readonly id: string;
  readonly type: string;
  readonly created: number;
  readonly data: { readonly object: { readonly id: string; readonly customer?: string } };
}

const STORY = ['send', 'stripe', 'subscription.lifecycle'];
const to = () => ['--to', handler.url];
const payloads = (): StripeEvent[] =>
  handler.seen.map(({ body }) => JSON.parse(body.toString('utf8')));

describe('a story', () => {
  it('is delivered in its order, about the same things, each event with its own id', async () => {
    const { code, lines } = await box.json([...STORY, ...to()]);
    expect(code).toBe(0);
    const [told] = (await box.json(['fixtures', 'stripe', 'subscription.lifecycle'])).lines;
    const events = payloads();
    expect(events.map(({ type }) => type)).toEqual(told?.events);
    expect(lines.map(({ kind }) => kind)).toEqual([...events.map(() => 'delivery'), 'summary']);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const subscriptions = events
      .filter(({ type }) => type.startsWith('customer.subscription.'))
      .map(({ data }) => data.object.id);
    expect(subscriptions.length).toBeGreaterThan(1);
    expect(new Set(subscriptions).size).toBe(1);
    const times = events.map(({ created }) => created);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('is about other things in another round', async () => {
    const { code } = await box.run([...STORY, '--count', '2', ...to()]);
    expect(code).toBe(0);
    const events = payloads();
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const created = events.filter(({ type }) => type === 'customer.subscription.created');
    expect(new Set(created.map(({ data }) => data.object.id)).size).toBe(2);
  });

  it('is the same with the same seed', async () => {
    const bodies = async () =>
      (await box.json([...STORY, '--seed', '7', '--dry-run'])).lines.map(({ body }) => body);
    expect(await bodies()).toEqual(await bodies());
  });

  it('goes on where the handler fails, and says so', async () => {
    answerStatus = 500;
    const { code, stdout } = await box.run([...STORY, ...to()]);
    expect(code).toBe(1);
    expect(handler.seen.length).toBeGreaterThan(2);
    expect(stdout.match(/<-- 500/g)?.length).toBe(handler.seen.length);
  });

  it('is spoiled in every event', async () => {
    answerStatus = 400;
    const { code } = await box.run([...STORY, '--spoil', 'signature', ...to()]);
    expect(code).toBe(0);
  });

  it('takes edits where their path is, and refuses those that are nowhere', async () => {
    await box.run([...STORY, '--set', 'data.object.billing_reason="manual"', ...to()]);
    const reasons = payloads().flatMap(({ data }) =>
      'billing_reason' in data.object ? [data.object.billing_reason] : [],
    );
    expect(new Set(reasons)).toEqual(new Set(['manual']));
    const { code, stderr } = await box.run([...STORY, '--set', 'data.objekt.x=1', ...to()]);
    expect(code).toBe(2);
    expect(stderr).toContain('is in no event of this story');
  });

  it('gives each event its own id, so that none can be given', async () => {
    const { code, stderr } = await box.run([...STORY, '--id', 'evt_1', ...to()]);
    expect(code).toBe(2);
    expect(stderr).toContain('is a story');
  });

  it('is proposed where its name is mistyped', async () => {
    const { code, stderr } = await box.run(['send', 'stripe', 'subscription.lifecycl', ...to()]);
    expect(code).toBe(2);
    expect(stderr).toContain('subscription.lifecycle');
  });
});
