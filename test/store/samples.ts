import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { capturedId } from '../../src/core/ids.ts';
import type { Attempt, CapturedEvent, Delivery, RawRequest } from '../../src/core/types.ts';

/** A folder of its own for one test; `path` does not exist yet below it. */
export function temporaryStore(): { dir: string; remove(): void } {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'hookcli-store-'));
  return {
    dir: path.join(parent, '.hookcli'),
    remove: () => fs.rmSync(parent, { recursive: true, force: true }),
  };
}

export function sampleEvent(
  parts: Partial<Omit<CapturedEvent, 'request'>> & { request?: Partial<RawRequest> } = {},
): CapturedEvent {
  const at = parts.at ?? new Date('2026-03-01T10:00:00.000Z');
  return {
    id: capturedId(at),
    at,
    source: 'received',
    provider: 'stripe',
    type: 'invoice.paid',
    eventId: 'evt_provider_1',
    verdict: { status: 'verified', scheme: 'stripe' },
    ...parts,
    request: {
      method: 'POST',
      url: '/webhook/stripe?a=1',
      headers: [['Content-Type', 'application/json']],
      body: Buffer.from('{"object":"event"}'),
      ...parts.request,
    },
  };
}

export function answered(status: number, parts: Partial<Attempt> = {}): Attempt {
  return {
    startedAt: new Date('2026-03-01T10:00:01.000Z'),
    durationMs: 12.5,
    outcome: {
      kind: 'answered',
      status,
      headers: [['X-Name', 'caf\u00e9']],
      body: Buffer.from('done'),
    },
    ...parts,
  };
}

export const refused: Attempt = {
  startedAt: new Date('2026-03-01T10:00:01.000Z'),
  durationMs: 1,
  outcome: { kind: 'failed', failure: 'refused', message: 'nothing listens on port 3000 — yet' },
};

export const sampleDelivery = (...attempts: Attempt[]): Delivery => ({
  cause: 'forward',
  endpoint: 'http://localhost:3000/hooks',
  attempts: attempts.length === 0 ? [answered(200)] : attempts,
});

const latin1 = fc
  .uint8Array({ maxLength: 40 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));
const anyText = fc.oneof(
  { weight: 9, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constantFrom('half \ud83e', '\u0000', '\\"') },
);

const body = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  { weight: 4, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  { weight: 4, arbitrary: anyText.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.constant(new Uint8Array(0)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      Buffer.from('\u0000\u0000'),
      Buffer.from('\ufeff{"kind":"event","id":"evt_","crc":"00000000"}\n'),
      Buffer.from('🪝\u2028\u2029\u0085\r\n\t\\"'),
      Buffer.from([0xed, 0xa0, 0x80]),
    ),
  },
);

const largeBody = fc
  .tuple(fc.integer({ min: 65_530, max: 66_000 }), fc.integer({ min: 0, max: 255 }))
  .map(([size, fill]) => Buffer.alloc(size, fill));

/** Any event that could be recorded, and some that could not. */
export const anyEvent: fc.Arbitrary<CapturedEvent> = fc
  .record({
    provider: fc.constantFrom('stripe', 'unknown'),
    names: fc.record({ type: anyText, eventId: anyText, deliveryId: latin1 }, { requiredKeys: [] }),
    source: fc.constantFrom('received', 'sent', 'imported'),
    verdict: fc.constantFrom<CapturedEvent['verdict'][]>(
      { status: 'verified', scheme: 's', detail: 'with the second secret' },
      { status: 'rejected', scheme: 's', reason: 'mismatch', detail: 'é “quoted”', hint: 'h' },
      { status: 'unchecked', reason: 'no-secret', detail: '' },
    ),
    method: fc.constantFrom('POST', 'put', 'PATCH'),
    url: anyText,
    headers: fc.array(fc.tuple(latin1, latin1), { maxLength: 6 }),
    body: fc.oneof({ weight: 40, arbitrary: body }, { weight: 1, arbitrary: largeBody }),
    ms: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  })
  .map(({ names, source, provider, verdict, ms, ...request }) => ({
    id: capturedId(new Date('2026-03-01T10:00:00.000Z')),
    at: new Date(ms),
    source: source as CapturedEvent['source'],
    provider,
    ...names,
    verdict,
    request: { ...request, headers: [...request.headers, ...request.headers.slice(0, 1)] },
  }));

/** The lines of all segments, oldest first. */
export function storedLines(dir: string): string[] {
  const events = path.join(dir, 'events');
  return fs
    .readdirSync(events)
    .sort()
    .flatMap((name) => fs.readFileSync(path.join(events, name), 'utf8').split('\n'))
    .filter((line) => line !== '');
}

export const segmentPath = (dir: string, number = 1): string =>
  path.join(dir, 'events', `${String(number).padStart(8, '0')}.jsonl`);
