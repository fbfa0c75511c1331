import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Header } from '../../src/core/types.ts';
import { getProvider, providers } from '../../src/providers/index.ts';
import { describeEvent } from '../../src/verify/describe-event.ts';
import { post } from '../helpers/requests.ts';

const describeAs = (id: string, body: string, headers: readonly Header[] = []) =>
  describeEvent(post(body, headers), getProvider(id));

describe('what a request says it is', () => {
  it.each([
    ['{"id":"evt_1","type":"charge.succeeded"}', { type: 'charge.succeeded', eventId: 'evt_1' }],
    ['{"type":"charge.succeeded"}', { type: 'charge.succeeded' }],
    ['{"id":7,"type":true}', { type: 'true', eventId: '7' }],
    ['{"id":{},"type":[]}', {}],
    ['{"id":null,"type":""}', {}],
    ['{"type"', {}],
    ['null', {}],
    ['', {}],
    ['[]', {}],
    ['{"__proto__":{"type":"inherited"}}', {}],
  ])('in a body %s', (body, expected) => {
    expect(describeAs('stripe', body)).toEqual(expected);
  });

  it('in GitHub’s headers, and the action of its body', () => {
    const headers: Header[] = [
      ['x-github-event', 'issues'],
      ['x-github-delivery', 'guid'],
    ];
    const named = { eventId: 'guid', deliveryId: 'guid' };
    expect(describeAs('github', '{"action":"opened"}', headers)).toEqual({
      type: 'issues.opened',
      ...named,
    });
    expect(describeAs('github', '{}', headers)).toEqual({ type: 'issues', ...named });
    const form: Header = ['content-type', 'application/x-www-form-urlencoded'];
    const body = new URLSearchParams({ payload: '{"action":"a+b & c"}' }).toString();
    expect(describeAs('github', body, [...headers, form]).type).toBe('issues.a+b & c');
  });

  it('in the body of a generic one when its headers are silent', () => {
    expect(describeAs('generic', '{"type":"t","id":"i"}')).toEqual({ type: 't', eventId: 'i' });
    expect(describeAs('generic', '{"type":"t","id":"i"}', [['X-Event-Type', 'loud']])).toEqual({
      type: 'loud',
      eventId: 'i',
    });
  });

  it('never fails, whatever the bytes', () => {
    const bodies = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        for (const provider of providers) {
          expect(() => describeEvent(post(body), provider)).not.toThrow();
        }
      }),
    );
  });
});
