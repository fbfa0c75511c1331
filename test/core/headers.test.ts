import { describe, expect, it } from 'vitest';
import {
  endToEnd,
  headerValue,
  headerValues,
  pairHeaders,
  withHeader,
  withoutHeader,
} from '../../src/core/headers.ts';
import type { Header } from '../../src/core/types.ts';

const HEADERS: readonly Header[] = [
  ['Host', 'example.com'],
  ['X-Thing', '1'],
  ['Accept', '*/*'],
  ['x-thing', '2'],
  ['X-THING', ''],
];

describe('headers', () => {
  it('are found whatever the case of their name', () => {
    expect(headerValues(HEADERS, 'x-Thing')).toEqual(['1', '2', '']);
    expect(headerValue(HEADERS, 'X-tHING')).toBe('1');
    expect(headerValues(HEADERS, 'x-thin')).toEqual([]);
    expect(headerValue(HEADERS, 'constructor')).toBeUndefined();
  });

  it('leave the others as they were when one goes', () => {
    expect(withoutHeader(HEADERS, 'X-thing')).toEqual([
      ['Host', 'example.com'],
      ['Accept', '*/*'],
    ]);
    expect(withoutHeader(HEADERS, 'none')).toEqual(HEADERS);
  });

  it('keep their place when one is set', () => {
    expect(withHeader(HEADERS, 'X-thing', '3')).toEqual([
      ['Host', 'example.com'],
      ['X-thing', '3'],
      ['Accept', '*/*'],
    ]);
    expect(withHeader(HEADERS, 'New', 'x')).toEqual([...HEADERS, ['New', 'x']]);
  });

  it('are never changed in place', () => {
    const frozen = Object.freeze(HEADERS.map((header) => Object.freeze(header)));
    withHeader(frozen, 'host', 'x');
    withHeader(frozen, 'new', 'x');
    withoutHeader(frozen, 'host');
    endToEnd(frozen);
    expect(frozen).toEqual(HEADERS);
  });

  it('come from Node as one flat list, with order, case and duplicates', () => {
    expect(pairHeaders(HEADERS.flat())).toEqual(HEADERS);
    expect(pairHeaders([])).toEqual([]);
    expect(pairHeaders(['a', '1', 'half'])).toEqual([['a', '1']]);
  });
});

describe('headers that travel on', () => {
  it('are all but those of this hop, in order, case and number', () => {
    expect(
      endToEnd([
        ['Host', 'example.com'],
        ['Connection', 'keep-alive'],
        ['Keep-Alive', 'timeout=5'],
        ['X-Thing', '1'],
        ['Transfer-Encoding', 'chunked'],
        ['TE', 'trailers'],
        ['Trailer', 'Expires'],
        ['Upgrade', 'h2c'],
        ['HTTP2-Settings', 'x'],
        ['Expect', '100-continue'],
        ['Proxy-Authorization', 'x'],
        ['Proxy-Authenticate', 'x'],
        ['Proxy-Connection', 'close'],
        ['Content-Length', '3'],
        ['Content-Encoding', 'gzip'],
        ['x-thing', '2'],
        ['Authorization', 'Bearer x'],
        ['Cookie', 'a=1'],
      ]),
    ).toEqual([
      ['Host', 'example.com'],
      ['X-Thing', '1'],
      ['Content-Encoding', 'gzip'],
      ['x-thing', '2'],
      ['Authorization', 'Bearer x'],
      ['Cookie', 'a=1'],
    ]);
  });

  it('are without those that Connection names', () => {
    expect(
      endToEnd([
        ['X-Hop', '1'],
        ['connection', 'close, x-HOP ,,X-Too'],
        ['x-too', '2'],
        ['Connection', 'x-third'],
        ['X-Third', '3'],
        ['x-hop', '4'],
        ['X-Stays', '5'],
      ]),
    ).toEqual([['X-Stays', '5']]);
  });
});
