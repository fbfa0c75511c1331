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
  writePlace,
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

  it.each<[string, string, string | undefined, string]>([
    ['a=1&b=2', 'a', '3 4', 'a=3+4&b=2'],
    ['b=%20x&a=1&a=2', 'a', '3', 'b=%20x&a=3'],
    ['b=~x', 'a', '&', 'b=~x&a=%26'],
    ['', 'a', '1', 'a=1'],
    ['a=1&b=2&a=3', 'a', undefined, 'b=2'],
    ['%61=1', 'a', '2', 'a=2'],
  ])('in the fields %s leaves the others as they are spelled', (fields, name, value, written) => {
    const form = writePlace(post(fields, [FORM]), { in: 'form', name }, value);
    expect(Buffer.from(form.body).toString()).toBe(written);
    const request = { ...post('body'), url: `/hook${fields && `?${fields}`}` };
    const { url, body } = writePlace(request, { in: 'query', name }, value);
    expect(url).toBe(`/hook?${written}`);
    expect(body).toBe(request.body);
  });

  it('in a query takes the question mark away with the last field', () => {
    const request = { ...post(''), url: '/hook?a=1' };
    expect(writePlace(request, { in: 'query', name: 'a' }, undefined).url).toBe('/hook');
  });

  it('in JSON changes not a byte when the value is there', () => {
    const request = post('{ "a": { "b": "x" } }');
    expect(writePlace(request, inJson('a.b'), 'x').body).toBe(request.body);
    const written = (path: string, value: string | number | undefined) =>
      Buffer.from(writePlace(request, inJson(path), value).body).toString();
    expect(written('a.b', 7)).toBe('{"a":{"b":7}}');
    expect(written('a.c', 'é')).toBe('{"a":{"b":"x","c":"é"}}');
    expect(written('a.b', undefined)).toBe('{"a":{}}');
    expect(written('z', undefined)).toBe('{ "a": { "b": "x" } }');
  });

  it.each([post('no JSON'), post('payload=%7B%7D', [FORM])])('in JSON needs JSON', (request) => {
    expect(() => writePlace(request, inJson('a'), '1')).toThrowError(
      expect.objectContaining({ code: 'bad-json' }),
    );
  });
});
