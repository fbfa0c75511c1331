import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { getPath, parsePath, setPath, unsetPath } from '../../src/core/json-path.ts';

const badPath = expect.objectContaining({ code: 'bad-path', exitCode: 2 });

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Object.keys(Array.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

describe('a path', () => {
  it.each<[string, string[]]>([
    ['id', ['id']],
    ['data.object.amount', ['data', 'object', 'amount']],
    ['items[0].id', ['items', '0', 'id']],
    ['items.0.id', ['items', '0', 'id']],
    ['[0][1]', ['0', '1']],
    ['a[b.c]', ['a', 'b.c']],
    ['a\\.b', ['a.b']],
    ['a\\[0]', ['a[0]']],
    ['a\\\\b', ['a\\b']],
    ['a\\', ['a\\']],
    ['with space.ünïcode', ['with space', 'ünïcode']],
    ['toString.length', ['toString', 'length']],
  ])('%s has the steps %j', (path, steps) => {
    expect(parsePath(path)).toEqual(steps);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a[]', 'a[0', '[', 'a[0]..b', 'a[0].', '..'])(
    '%j is none',
    (path) => {
      expect(() => parsePath(path)).toThrowError(badPath);
    },
  );

  const spellings = (name: string) => [
    name,
    `a.${name}`,
    `${name}.polluted`,
    `a.${name}.polluted`,
    `a[${name}].polluted`,
    `[${name}]`,
    `a[0][${name}].b`,
    `\\${name}`,
    `a.${[...name].map((letter) => `\\${letter}`).join('')}.polluted`,
  ];
  it.each(['__proto__', 'constructor', 'prototype'].flatMap(spellings))(
    '%s is refused, since it would leave the payload',
    (path) => {
      expect(() => parsePath(path)).toThrowError(badPath);
    },
  );

  it('may name a field that only looks like a way out', () => {
    for (const name of ['__proto', 'proto__', 'Constructor', '"__proto__"', '\u005f_pro to__']) {
      expect(parsePath(name)).toEqual([name]);
    }
  });

  it('never reaches what it must not, however it is written', () => {
    const pieces = fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      'a',
      '0',
      '.',
      '[',
      ']',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 9 }), (parts) => {
        const root = JSON.parse('{"a":{"a":[{}]},"__proto__":{"own":1}}');
        try {
          setPath(root, [...parsePath(parts.join('')), 'polluted'], true);
        } catch (error) {
          expect(error).toEqual(badPath);
        }
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('reading', () => {
  const payload = JSON.parse('{"a":{"b":[{"c":1},null]},"0":"zero","text":"abc"}');

  it.each<[string, unknown]>([
    ['a.b[0].c', 1],
    ['a.b.1', null],
    ['0', 'zero'],
    ['a.b[2]', undefined],
    ['a.b[1].c', undefined],
    ['a.x.y', undefined],
    ['text.0', undefined],
    ['text.length', undefined],
    ['a.b.length', undefined],
    ['a.b.00', undefined],
    ['toString', undefined],
    ['a.hasOwnProperty', undefined],
  ])('%s', (path, expected) => {
    expect(getPath(payload, parsePath(path))).toEqual(expected);
  });

  it('sees only what the payload itself holds', () => {
    expect(getPath({}, ['__proto__'])).toBeUndefined();
    expect(getPath([], ['constructor', 'prototype'])).toBeUndefined();
    expect(getPath(undefined, ['a'])).toBeUndefined();
    expect(getPath('text', [])).toBe('text');
  });
});

describe('setting', () => {
  const setIn = (json: string, path: string, value: unknown) => {
    const payload: unknown = JSON.parse(json);
    setPath(payload, parsePath(path), value);
    return JSON.stringify(payload);
  };

  it.each<[string, string, unknown, string]>([
    ['{"a":1,"b":2}', 'a', 3, '{"a":3,"b":2}'],
    ['{}', 'a.b.c', 1, '{"a":{"b":{"c":1}}}'],
    ['{"a":[1,2]}', 'a[1]', 'x', '{"a":[1,"x"]}'],
    ['{"a":[1,2]}', 'a[2]', 'x', '{"a":[1,2,"x"]}'],
    ['{"a":[]}', 'a.0.b', 1, '{"a":[{"b":1}]}'],
    ['[1]', '0', null, '[null]'],
    ['{"a":{"b":1}}', 'a', [], '{"a":[]}'],
    ['{}', 'toString', 1, '{"toString":1}'],
    ['{}', 'valueOf.x', 1, '{"valueOf":{"x":1}}'],
    ['{"__proto__":{"a":1}}', 'b', 1, '{"__proto__":{"a":1},"b":1}'],
  ])('in %s %s to %j', (json, path, value, expected) => {
    expect(setIn(json, path, value)).toBe(expected);
  });

  it.each([
    ['{"a":1}', 'a.b'],
    ['{"a":null}', 'a.b'],
    ['{"a":"text"}', 'a.length'],
    ['"text"', 'a'],
    ['{"a":[1]}', 'a.b'],
    ['{"a":[1]}', 'a.length'],
    ['{"a":[1]}', 'a[2]'],
    ['{"a":[1]}', 'a[-1]'],
    // Would be a name beside the list that JSON leaves out.
    ['{"a":[1]}', 'a[00]'],
    ['{"a":[1,2]}', 'a[01]'],
    ['{"a":[1]}', 'a[1e0]'],
    ['{"a":[1]}', 'a[4294967295]'],
  ])('in %s %s is refused', (json, path) => {
    expect(() => setIn(json, path, 1)).toThrowError(badPath);
  });

  it('is what is then read', () => {
    const names = fc
      .string({ minLength: 1 })
      .filter((name) => !/^(__proto__|constructor|prototype)$/.test(name));
    fc.assert(
      fc.property(
        fc.array(names, { minLength: 1, maxLength: 5 }),
        fc.jsonValue(),
        (names, value) => {
          const path = names.map((name) => name.replace(/[.\\[]/g, '\\$&')).join('.');
          const payload = {};
          setPath(payload, parsePath(path), value);
          expect(parsePath(path)).toEqual(names);
          expect(getPath(JSON.parse(JSON.stringify(payload)), names)).toEqual(
            JSON.parse(JSON.stringify(value)),
          );
          expect(unsetPath(payload, names)).toBe(true);
          expect(getPath(payload, names)).toBeUndefined();
        },
      ),
    );
  });
});

describe('unsetting', () => {
  it.each<[string, string, boolean, string]>([
    ['{"a":1,"b":2}', 'a', true, '{"b":2}'],
    ['{"a":[1,2,3]}', 'a[1]', true, '{"a":[1,3]}'],
    ['{"a":{"b":null}}', 'a.b', true, '{"a":{}}'],
    ['{"a":1}', 'b', false, '{"a":1}'],
    ['{"a":1}', 'a.b', false, '{"a":1}'],
    ['{"a":[1]}', 'a[1]', false, '{"a":[1]}'],
    ['{"a":[1]}', 'a.length', false, '{"a":[1]}'],
    ['{"a":1}', 'toString', false, '{"a":1}'],
  ])('in %s %s is %j', (json, path, expected, left) => {
    const payload: unknown = JSON.parse(json);
    expect(unsetPath(payload, parsePath(path))).toBe(expected);
    expect(JSON.stringify(payload)).toBe(left);
  });

  it('leaves the payload itself', () => {
    expect(unsetPath({ a: 1 }, [])).toBe(false);
  });
});
