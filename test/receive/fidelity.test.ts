import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endToEnd, withoutHeader } from '../../src/core/headers.ts';
import type { Header, RawRequest } from '../../src/core/types.ts';
import { openPool, openSingle } from '../../src/deliver/attempt.ts';
import { deliver } from '../../src/deliver/deliver.ts';
import { endpointOf, parseTarget } from '../../src/deliver/target.ts';
import type { Transport } from '../../src/deliver/transport.ts';
import { isAnswered, type Recorder, startRecorder, statuses, talk } from '../helpers/servers.ts';
import { type Pipe, startPipe } from './pipe.ts';

/** A request and the way it is cut up on its way. */
interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
  readonly chunked: boolean;
  /** Sizes of chunks and of writes, taken in turn. */
  readonly sizes: readonly number[];
}

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 600 }).map((some) => Buffer.from(some)),
  fc.constantFrom(
    bytes(),
    bytes([0]),
    bytes('a', [0], 'b', [0, 0]),
    bytes([0xff, 0xfe, 0xc3, 0x28, 0xe2, 0x82]),
    bytes([0xef, 0xbb, 0xbf], '{"bom":true}'),
    bytes('{\n  "amount" : 1.0,\n  "big": 12345678901234567890,\n  "amount": 2e0\n}\n'),
    bytes('{"a":"\\/","b":"\\ud83e\\udd9d"}\r\n\r\n'),
    bytes('payload=%7B%22a%22%3A1%7D&x=+%zz'),
    bytes('\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n'),
    bytes('{"family":"👩‍👩‍👧‍👦","half":"\u2028é"}'),
    bytes('0\r\n\r\n'),
  ),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .tuple(fc.integer({ min: 65_530, max: 140_000 }), fc.nat(255))
    .map(([length, seed]) =>
      Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + seed) % 256)),
    ),
);

const NAMES = [
  'X-Thing',
  'x-thing',
  'X-THING',
  'sTrIpE-sIgNaTuRe',
  'Content-Type',
  'User-Agent',
  'Accept',
  'Cookie',
  'X_y.z~!#$%&*^|`',
  'Date',
  'Authorization',
  'X-GitHub-Event',
  'Via',
];

const values = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'a, b',
    'Ã©\u00ff\u0080',
    'tab\tinside',
    '"quoted" ; x=1',
    'evt_1',
    '\u009b31m',
  ),
  fc.uint8Array({ maxLength: 40 }).map((some) =>
    Buffer.from(some.map((byte) => (byte < 0x20 || byte === 0x7f ? 0x21 : byte)))
      .toString('latin1')
      .trim(),
  ),
);

const targets = fc.oneof(
  fc.constantFrom(
    '/',
    '/a//b/../c?x=%zz&y',
    '//host/x',
    '/webhook/stripe',
    '/./%2e%2e/%00',
    '/?',
    '/a?b?c#d',
    '/%',
    '/\'"<>{}|^`[]',
    'http://elsewhere.example/abs?x=1',
    '/:@!$&()*+,;=',
    '/webhooks//x',
  ),
  fc.string({ maxLength: 30 }).map((text) => `/${text.replace(/[^\x21-\x7e]/g, '_')}`),
);

const requests: fc.Arbitrary<Sent> = fc.record({
  method: fc.constantFrom(
    'POST',
    'POST',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'GET',
    'OPTIONS',
    'PROPFIND',
  ),
  target: targets,
  headers: fc.array(fc.tuple(fc.constantFrom(...NAMES), values), { maxLength: 12 }),
  body: bodies,
  chunked: fc.boolean(),
  sizes: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }),
});

function cutUp(whole: Buffer, sizes: readonly number[], most = Infinity): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < whole.length; turn++) {
    // So that a long body does not take a thousand writes.
    const size = Math.max(sizes[turn % sizes.length] as number, Math.ceil(whole.length / most));
    pieces.push(whole.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

function framed({ method, target, headers, body, chunked, sizes }: Sent): Buffer[] {
  const framing = chunked ? 'Transfer-Encoding: chunked' : `content-LENGTH: ${body.length}`;
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const middle = Math.floor(lines.length / 2);
  const head = [
    `${method} ${target} HTTP/1.1\r\n`,
    ...lines.slice(0, middle),
    `hOsT: sender.example\r\n${framing}\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n`,
    ...lines.slice(middle),
    '\r\n',
  ].join('');
  const content = chunked
    ? [
        ...cutUp(body, sizes, 50).map((chunk) =>
          Buffer.concat([
            Buffer.from(`${chunk.length.toString(16)};x="y"\r\n`),
            chunk,
            Buffer.from('\r\n'),
          ]),
        ),
        Buffer.from('0\r\n\r\n'),
      ]
    : [body];
  return cutUp(Buffer.concat([Buffer.from(head, 'latin1'), ...content]), sizes, 12);
}

/** What may not change on the way. */
const essence = ({ method, url, headers, body }: RawRequest) => ({
  method,
  url,
  headers: withoutHeader(endToEnd(headers), 'host').filter(([name]) => name !== 'X-Hop'),
  // As text: a runner compares bytes one by one, which takes a minute.
  body: Buffer.from(body).toString('latin1'),
});

let recorder: Recorder;
let pipe: Pipe;
let single: Transport;
let pool: Transport;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const atEnd = (work: () => Promise<void>) => ends.unshift(work);
  recorder = await startRecorder(atEnd);
  pipe = await startPipe(atEnd, { forward: [recorder.url] });
  single = await openSingle();
  pool = await openPool();
});

afterAll(async () => {
  await Promise.all([single.close(), pool.close()]);
  for (const end of ends) await end();
});

it('passes 1,000 odd requests on byte for byte, keeps them so, and replays them so', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(requests, async (sent) => {
      recorder.seen.length = 0;
      const answer = await talk(pipe.port, framed(sent), { until: isAnswered });
      expect(statuses(answer)).toEqual([200]);
      const wire: RawRequest = { ...sent, url: sent.target };
      const forwarded = { ...wire, url: sent.target.replace(/^http:..[^/]*/, '') };

      expect(recorder.seen.map(essence)).toEqual([essence(forwarded)]);

      const stored = pipe.store.find('last');
      expect(essence(stored.request)).toEqual(essence(wire));
      expect(stored.deliveries.map(({ attempts }) => attempts.length)).toEqual([1]);

      const endpoint = endpointOf(parseTarget(recorder.url), stored.request.url);
      for (const transport of [single, pool]) {
        recorder.seen.length = 0;
        const replayed = await deliver(stored.request, endpoint, {
          transport,
          cause: 'replay',
          timeoutMs: 10_000,
        });
        expect(replayed.attempts[0]?.outcome).toMatchObject({ kind: 'answered', status: 200 });
        expect(recorder.seen.map(essence)).toEqual([essence(forwarded)]);
      }
      count++;
    }),
    { numRuns: 1_000, seed: 20_261_125, endOnFailure: false },
  );
  expect(count).toBeGreaterThanOrEqual(1_000);
  expect(pipe.troubles).toEqual([]);
}, 120_000);

it('puts a header of its own only where a hop must have one', async () => {
  recorder.seen.length = 0;
  await talk(
    pipe.port,
    framed({
      method: 'POST',
      target: '/x',
      headers: [['X-Only', '1']],
      body: Buffer.from('b'),
      chunked: true,
      sizes: [9],
    }),
    { until: isAnswered },
  );
  const names = recorder.seen[0]?.headers.map(([name]) => name.toLowerCase()).sort();
  expect(names).toEqual(['connection', 'content-length', 'host', 'x-only']);
});
