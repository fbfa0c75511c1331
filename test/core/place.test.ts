import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inHeader,
  inJson,
  isForm,
  mediaType,
  payloadOf,
  readPlace,
  writeHeaderPlace,
} from '../../src/core/place.ts';
import type { Header, RawRequest } from '../../src/core/types.ts';
import { post } from '../helpers/requests.ts';

const FORM: Header = ['Content-Type', 'application/x-www-form-urlencoded'];

describe('the media type', () => {
  it.each([
    ['application/json', 'application/json'],
    ['Application/JSON; charset=utf-8', 'application/json'],
    [' text/plain ;x', 'text/plain'],
    ['', ''],
  ])('of %j is %j', (value, expected) => {
    expect(mediaType(post('', [['content-type', value]]))).toBe(expected);
  });

  it('may be absent', () => {
    expect(mediaType(post(''))).toBe('');
    expect(isForm(post('', [FORM]))).toBe(true);
    expect(isForm(post('', [['Content-Type', 'multipart/form-data']]))).toBe(false);
  });
});

describe('the payload', () => {
  it('is the JSON of the body, or of its form field', () => {
    expect(payloadOf(post('{"a":[1]}'))).toEqual({ a: [1] });
    expect(payloadOf(post('payload=%7B%22a%22%3A%22%C3%BC+%26%22%7D', [FORM]))).toEqual({
      a: 'ü &',
    });
    expect(payloadOf(post('a=1', [FORM]))).toBeUndefined();
    expect(payloadOf(post('payload={', [FORM]))).toBeUndefined();
    expect(payloadOf(post('no json'))).toBeUndefined();
    expect(payloadOf(post(''))).toBeUndefined();
  });

  it('is read from the part of a larger memory that is the body', () => {
    const memory = Buffer.from('xx{"a":1}xx');
    const body = new Uint8Array(memory.buffer, memory.byteOffset + 2, 7);
    expect(payloadOf({ ...post(''), body })).toEqual({ a: 1 });
  });

  it('never touches the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const request = post(bytes);
        payloadOf(request);
        expect(Buffer.from(request.body).equals(bytes)).toBe(true);
      }),
    );
  });

  it('carries __proto__ as a name like any other', () => {
    const payload = payloadOf(post('{"__proto__":{"polluted":1}}'));
    expect(JSON.stringify(payload)).toBe('{"__proto__":{"polluted":1}}');
    expect((payload as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('reading a place', () => {
  const json = post('{"a":{"n":1.5,"t":true,"s":"","o":{},"z":null}}', [
    ['X-Id', '7'],
    ['x-id', '8'],
  ]);

  it.each<[string, string | undefined]>([
    ['a.n', '1.5'],
    ['a.t', 'true'],
    ['a.s', ''],
    ['a.o', undefined],
    ['a.z', undefined],
    ['a.x', undefined],
  ])('in JSON %s', (path, expected) => {
    expect(readPlace(json, inJson(path))).toBe(expected);
  });

  it('in a header, the first of its name', () => {
    expect(readPlace(json, inHeader('X-ID'))).toBe('7');
    expect(readPlace(json, inHeader('X-Other'))).toBeUndefined();
  });

  it('in a form, and only in one', () => {
    const place = { in: 'form', name: 'a' } as const;
    expect(readPlace(post('a=1+2&a=3', [FORM]), place)).toBe('1 2');
    expect(readPlace(post('a=1'), place)).toBeUndefined();
    expect(readPlace(post('b=1', [FORM]), place)).toBeUndefined();
  });

  it.each<[string, string | undefined]>([
    ['/hook?a=1%202&b=3', '1 2'],
    ['/hook?b=3', undefined],
    ['/hook', undefined],
    ['http://localhost:1/hook?a=x#?a=y', 'x'],
    ['/hook#?a=1', undefined],
    ['/hook?x=?&a=2', '2'],
    ['//?a=3', '3'],
    ['*', undefined],
    ['http://?a=4', '4'],
    ['/?a=%zz', '%zz'],
  ])('in the query of %s', (url, expected) => {
    const request: RawRequest = { ...post(''), url };
    expect(readPlace(request, { in: 'query', name: 'a' })).toBe(expected);
  });
});

describe('writing a place', () => {
  it('is for headers; the others are written with the body', () => {
    const request = post('{}', [['x-id', '1']]);
    expect(writeHeaderPlace(request, inHeader('X-Id'), '2').headers).toEqual([['X-Id', '2']]);
    expect(writeHeaderPlace(request, inJson('id'), '2')).toBe(request);
  });
});
