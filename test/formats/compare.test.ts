import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePath, setPath, unsetPath } from '../../src/core/json-path.ts';
import type { Header } from '../../src/core/types.ts';
import { compareRequests } from '../../src/formats/compare.ts';
import { jsonDifferences, pathText } from '../../src/formats/json-differences.ts';
import { post } from '../helpers/requests.ts';

const JSON_TYPE: Header = ['Content-Type', 'application/json'];
const FORM_TYPE: Header = ['Content-Type', 'application/x-www-form-urlencoded'];
const json = (value: unknown) => post(JSON.stringify(value), [JSON_TYPE]);
const withHeaders = (...headers: Header[]) => post('', headers);

describe('two requests', () => {
  it('that are the same have no differences', () => {
    expect(compareRequests(json({ a: 1 }), json({ a: 1 }))).toEqual([]);
  });

  it('may differ in method and URL', () => {
    expect(compareRequests(post(''), { ...post(''), method: 'PUT', url: '/b' })).toEqual([
      { in: 'method', change: 'changed', before: 'POST', after: 'PUT' },
      { in: 'url', change: 'changed', before: '/webhook', after: '/b' },
    ]);
  });
});

describe('headers', () => {
  it('come, go and change', () => {
    const a = withHeaders(['A', '1'], ['B', '2'], ['D', '1'], ['D', '2']);
    const b = withHeaders(['A', '1'], ['B', '3'], ['C', '4'], ['D', '1']);
    expect(compareRequests(a, b)).toEqual([
      { in: 'header', change: 'changed', name: 'B', before: '2', after: '3' },
      { in: 'header', change: 'removed', name: 'D', before: '2' },
      { in: 'header', change: 'added', name: 'C', after: '4' },
    ]);
  });

  it('move and are spelt otherwise', () => {
    const a = withHeaders(['A', ''], ['B', ''], ['C', ''], ['D', '']);
    const b = withHeaders(['b', ''], ['C', ''], ['A', ''], ['D', '']);
    expect(compareRequests(a, b)).toEqual([
      { in: 'header', change: 'respelt', name: 'B', before: 'B', after: 'b' },
      { in: 'header', change: 'moved', name: 'A' },
    ]);
  });
});

describe('payloads', () => {
  it('differ by their paths', () => {
    const before = { a: { b: [1, { c: 'x' }], 'd.e': 1 }, f: null };
    const after = { a: { b: [1, { c: 'y' }, 3], 'd.e': '1' }, g: {} };
    expect(compareRequests(json(before), json(after))).toEqual([
      { in: 'json', change: 'changed', name: 'a.b[1].c', path: undefined, before: 'x', after: 'y' },
      { in: 'json', change: 'added', name: 'a.b[2]', after: 3 },
      { in: 'json', change: 'changed', name: 'a.d\\.e', before: 1, after: '1' },
      { in: 'json', change: 'removed', name: 'f', before: null },
      { in: 'json', change: 'added', name: 'g', after: {} },
    ]);
  });

  it('with one item more or less differ in that alone', () => {
    const list = (...ids: number[]) => ({ items: ids.map((id) => ({ id })) });
    expect(jsonDifferences(list(1, 2, 3), list(0, 1, 2, 3))).toEqual([
      { path: ['items', 0], change: 'added', after: { id: 0 } },
    ]);
    expect(jsonDifferences(list(1, 2, 3), list(1, 3))).toEqual([
      { path: ['items', 1], change: 'removed', before: { id: 2 } },
    ]);
  });

  it('tell what makes one into the other', () => {
    const member = fc.constantFrom('a', 'b.c', 'd[0]', 'e\\f', '1');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, 1, 'x', true),
        fc.dictionary(member, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    const root = fc.dictionary(member, tree as fc.Arbitrary<unknown>);
    fc.assert(
      fc.property(root, root, (before, after) => {
        const made = structuredClone(before);
        for (const { path, change, after: value } of jsonDifferences(before, after)) {
          const steps = parsePath(pathText(path));
          expect(steps).toEqual(path.map(String));
          if (change === 'removed') unsetPath(made, steps);
          else setPath(made, steps, structuredClone(value));
        }
        expect(made).toEqual(after);
      }),
    );
  });

  it('that are the same but written otherwise say where', () => {
    const found = compareRequests(json({ a: 1, b: 2 }), post('{"a":1, "b":2}', [JSON_TYPE]));
    expect(found).toEqual([
      {
        in: 'body',
        change: 'respelt',
        offset: 7,
        before: { bytes: 13, here: '{"a":1,"b":2}' },
        after: { bytes: 14, here: '{"a":1, "b":2}' },
      },
    ]);
    const large = (digit: number) => post(`{"id":1234567890123456789${digit}}`, [JSON_TYPE]);
    expect(compareRequests(large(1), large(2))).toMatchObject([{ change: 'respelt', offset: 25 }]);
  });

  it('nested deeply are compared all the same', () => {
    const deep = (depth: number, core: string) =>
      post('['.repeat(depth) + core + ']'.repeat(depth), [JSON_TYPE]);
    for (const depth of [200, 400, 100_000]) {
      expect(compareRequests(deep(depth, '1'), deep(depth, '2')).length, `${depth}`).toBe(1);
    }
    expect(compareRequests(json(1), deep(100_000, '2'))).toMatchObject([
      { in: 'json', name: '', after: '(nested too deeply to be shown)' },
    ]);
  });
});

describe('other bodies', () => {
  it('of forms differ by their fields', () => {
    const form = (text: string) => post(text, [FORM_TYPE]);
    expect(compareRequests(form('a=1&b=2&a=3&d=x%20'), form('a=1&a=4&c=5&d=x+'))).toEqual([
      { in: 'form', change: 'changed', name: 'a', before: '3', after: '4' },
      { in: 'form', change: 'removed', name: 'b', before: '2' },
      { in: 'form', change: 'added', name: 'c', after: '5' },
    ]);
    expect(compareRequests(form('a=%20'), form('a=+'))).toMatchObject([{ change: 'respelt' }]);
    expect(
      compareRequests(form('payload=%7B%22a%22%3A1%7D'), form('payload=%7B%22a%22%3A2%7D')),
    ).toMatchObject([{ in: 'json', name: 'a' }]);
  });

  it('differ by their bytes', () => {
    expect(compareRequests(post('caf\u00e9 noir'), post('caf\u00e9 au lait'))).toEqual([
      {
        in: 'body',
        change: 'changed',
        offset: 6,
        before: { bytes: 10, here: 'caf\u00e9 noir' },
        after: { bytes: 13, here: 'caf\u00e9 au lait' },
      },
    ]);
    expect(compareRequests(post(Buffer.from([0, 255, 1])), post(Buffer.from([0, 255])))).toEqual([
      {
        in: 'body',
        change: 'changed',
        offset: 2,
        before: { bytes: 3, here: '00ff01' },
        after: { bytes: 2, here: '00ff' },
      },
    ]);
  });

  it('of any bytes are equal only when they are', () => {
    const body = fc.uint8Array({ maxLength: 30 });
    fc.assert(
      fc.property(body, body, (a, b) => {
        const found = compareRequests(post(a), post(b));
        expect(found.length === 0).toBe(Buffer.from(a).equals(b));
      }),
    );
  });
});
