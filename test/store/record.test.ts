import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HookcliError } from '../../src/core/errors.ts';
import type { CapturedEvent, RecordedEvent } from '../../src/core/types.ts';
import { parseEventJson } from '../../src/store/parse-event.ts';
import { deliveryJson, eventJson, stateOf } from '../../src/store/record.ts';
import { answered, anyEvent, refused, sampleDelivery, sampleEvent } from './samples.ts';

const at = new Date('2026-03-01T10:00:00.000Z');
const recorded = (...deliveries: RecordedEvent['deliveries']): RecordedEvent => ({
  ...sampleEvent(),
  deliveries,
});

describe('an event as JSON', () => {
  it('has the members of the contract, in their order', () => {
    const event: RecordedEvent = {
      ...sampleEvent({ deliveryId: 'd_1', duplicateOf: 'evt_0' }),
      deliveries: [sampleDelivery(answered(503))],
    };
    expect(JSON.stringify(eventJson(event, { request: true }))).toBe(
      `{"kind":"event","id":"${event.id}","at":"2026-03-01T10:00:00.000Z","provider":"stripe",` +
        '"type":"invoice.paid","eventId":"evt_provider_1","deliveryId":"d_1","source":"received",' +
        '"state":"failed","verdict":{"status":"verified","scheme":"stripe"},"duplicateOf":"evt_0",' +
        '"method":"POST","url":"/webhook/stripe?a=1","headers":[["Content-Type","application/json"]],' +
        '"body":"{\\"object\\":\\"event\\"}","deliveries":[{"cause":"forward",' +
        '"endpoint":"http://localhost:3000/hooks","status":503,"ms":12.5,"attempts":1}]}',
    );
    const short = eventJson(event, { request: false });
    expect(Object.keys(short)).not.toContain('headers');
    expect(Object.keys(short)).not.toContain('body');
    expect(short.url).toBe('/webhook/stripe?a=1');
  });

  it('leaves out what is not there, and carries other bytes as base64', () => {
    const { type: _, eventId: __, ...rest } = sampleEvent();
    const body = Buffer.from([0xff, 0x00]);
    const json = eventJson(
      { ...rest, request: { ...rest.request, body }, deliveries: [] },
      { request: true },
    );
    expect(Object.keys(json)).not.toContain('type');
    expect(Object.keys(json)).not.toContain('duplicateOf');
    expect(json).toMatchObject({ bodyBase64: '/wA=', state: 'captured', deliveries: [] });
    expect(Object.keys(json)).not.toContain('body');
  });

  it('counts the time of a delivery from its first attempt to the end of its last', () => {
    const later = answered(200, { startedAt: new Date('2026-03-01T10:00:06.000Z') });
    expect(deliveryJson(sampleDelivery(refused, later))).toEqual({
      cause: 'forward',
      endpoint: 'http://localhost:3000/hooks',
      status: 200,
      ms: 5_012.5,
      attempts: 2,
    });
    expect(deliveryJson(sampleDelivery(refused))).toMatchObject({ failure: 'refused', ms: 1 });
  });

  it.each([
    ['captured', recorded()],
    ['delivered', recorded(sampleDelivery(refused), sampleDelivery(answered(204)))],
    ['failed', recorded(sampleDelivery(answered(200)), sampleDelivery(answered(302)))],
    ['failed', recorded(sampleDelivery(answered(200), refused))],
  ])('is %s', (state, event) => expect(stateOf(event)).toBe(state));
});

describe('a line from outside', () => {
  it('is read as it was written', () => {
    const wire = anyEvent.filter(
      ({ request: { url, headers } }) =>
        /^[!-~]+$/.test(url) &&
        headers.every(([name, value]) => /^\w+$/.test(name) && !/[\0-\x1f\x7f]/.test(value)),
    );
    const events = [sampleEvent(), ...fc.sample(wire, { numRuns: 50, seed: 3 })];
    for (const event of events) {
      const json = JSON.parse(
        JSON.stringify(eventJson({ ...event, deliveries: [] }, { request: true })),
      );
      const { request, ...rest } = parseEventJson(json, new Date());
      expect(rest).toEqual({ ...event, request: undefined });
      expect({ ...request, body: Buffer.from(request.body) }).toEqual({
        ...event.request,
        body: Buffer.from(event.request.body),
      });
    }
  });

  it('may be just a request', () => {
    const line = { method: 'PUT', url: '/x', headers: [['A', 'caf\u00e9']], bodyBase64: '/wA=' };
    const event = parseEventJson(line, at);
    expect(event).toMatchObject({ source: 'imported', provider: 'unknown', at });
    expect(event.verdict.status).toBe('unchecked');
    expect(event.id).toMatch(/^evt_[0-9A-Z]{26}$/);
    expect(event.request.headers).toEqual([['A', 'caf\u00e9']]);
    expect([...event.request.body]).toEqual([0xff, 0]);
    expect(parseEventJson({ method: 'GET', url: '/', headers: [] }, at).request.body).toHaveLength(
      0,
    );
  });

  const line = { method: 'POST', url: '/', headers: [['A', 'b']], body: '' };
  it.each<[string, unknown]>([
    ['line', null],
    ['line', 7],
    ['line', 'text'],
    ['line', [line]],
    ['method', {}],
    ['method', { ...line, method: 'GET / HTTP/1.1\r\nX:' }],
    ['method', { ...line, method: '' }],
    ['url', { ...line, url: '/a b' }],
    ['url', { ...line, url: '/\r\nX: y' }],
    ['url', { ...line, url: 3 }],
    ['headers', { ...line, headers: undefined }],
    ['headers', { ...line, headers: { A: 'b' } }],
    ['headers', { ...line, headers: [['A']] }],
    ['headers', { ...line, headers: [['A', 'b', 'c']] }],
    ['headers', { ...line, headers: [['A', 1]] }],
    ['headers', { ...line, headers: [['A', 'x\r\nB: y']] }],
    ['headers', { ...line, headers: [['A:', 'x']] }],
    ['headers', { ...line, headers: [['A', 'Ω']] }],
    ['body', { ...line, body: { json: true } }],
    ['bodyBase64', { ...line, bodyBase64: 'not base64!' }],
    ['at', { ...line, at: 'soon' }],
    ['at', { ...line, at: 1_700_000_000 }],
    ['id', { ...line, id: '../../x' }],
    ['id', { ...line, id: 'evt_01' }],
    ['source', { ...line, source: 'stolen' }],
    ['provider', { ...line, provider: ['stripe'] }],
    ['type', { ...line, type: null }],
    ['verdict', { ...line, verdict: 'verified' }],
    ['verdict', { ...line, verdict: { status: 'verified' } }],
    ['verdict', { ...line, verdict: { status: 'rejected', scheme: 's', detail: '' } }],
    ['verdict', { ...line, verdict: { status: 'unchecked', reason: 'mismatch', detail: '' } }],
  ])('with a wrong %s is refused: %j', (member, value) => {
    let error: unknown;
    try {
      parseEventJson(value, at);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(HookcliError);
    expect(error).toMatchObject({ code: 'bad-event', exitCode: 2 });
    expect((error as Error).message).toContain(`"${member}"`);
  });

  it('never follows a reference to a file', () => {
    const { request } = parseEventJson({ ...line, body: undefined, bodyFile: '/etc/passwd' }, at);
    expect(request.body).toHaveLength(0);
  });

  it('of any shape gives an event or a HookcliError', () => {
    const shape = fc.record(
      {
        method: fc.anything(),
        url: fc.anything(),
        headers: fc.anything(),
        body: fc.anything(),
        verdict: fc.anything(),
        id: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(shape, fc.jsonValue()), (value) => {
        try {
          const event: CapturedEvent = parseEventJson(value, at);
          expect(event.request.body).toBeInstanceOf(Buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(HookcliError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
