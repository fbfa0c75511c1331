import { describe, expect, it } from 'vitest';
import { harEntryTexts, isHar } from '../../src/formats/har-entries.ts';
import { jsonTexts, type Piece } from '../../src/formats/json-lines.ts';

async function* chunked(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  reader: typeof jsonTexts,
  text: string,
  { size = 7, max = 1_000 } = {},
): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const piece of reader(chunked(text, size), max)) found.push(told(piece));
  return found;
}

const told = (piece: Piece) =>
  'fault' in piece
    ? [piece.number, piece.fault]
    : [piece.number, piece.bytes.toString('utf8').trim()];

describe('the texts of a file of JSON lines', () => {
  const lines = (text: string, options = {}) => read(jsonTexts, text, options);

  it('are its lines, with their numbers', async () => {
    expect(await lines('{"a":1}\n\n  \r\n{"b":"\u00e9"}\r\n[1]')).toEqual([
      [1, '{"a":1}'],
      [4, '{"b":"\u00e9"}'],
      [5, '[1]'],
    ]);
  });

  it('may be written over several lines', async () => {
    const pretty = JSON.stringify({ a: { b: ['}', '\\"{'] } }, null, 2);
    expect(await lines(`${pretty}\n{"c":1}\n${pretty}\n`)).toEqual([
      [1, pretty],
      [9, '{"c":1}'],
      [10, pretty],
    ]);
  });

  it('go on behind one that is torn', async () => {
    const text =
      '{"a":"b\n{"c":1}\n{"d":\n{"e":1}\nfoo\n{\n "f": "\n  "g": 1\n}\n{"h":1}\n{"i":[1\n';
    expect(await lines(text)).toEqual([
      [1, 'its JSON does not end'],
      [2, '{"c":1}'],
      [3, 'its JSON does not end'],
      [4, '{"e":1}'],
      [5, 'foo'],
      [6, 'its JSON does not end'],
      [10, '{"h":1}'],
      [11, 'its JSON does not end'],
    ]);
  });

  it('are not kept when they are too long', async () => {
    const long = `{"a":"${'x'.repeat(100)}"}`;
    const open = `{\n${'  1,\n'.repeat(30)}`;
    expect(await lines(`${long}\n{"b":1}\n${open}{"c":1}\n`, { max: 50 })).toEqual([
      [1, 'it is longer than 50 bytes'],
      [2, '{"b":1}'],
      [3, 'it is longer than 50 bytes'],
      [34, '{"c":1}'],
    ]);
  });
});

describe('the entries of a HAR', () => {
  const entries = [
    '{"a":"}]\\"{"}',
    '{"request":{"headers":[{"name":"entries"}],"x":[[1]]},"b":"\u00e9"}',
    '{}',
  ];
  const har = `\ufeff {"log": {"version":"1.2","entries_":[{"no":1}],"pages":[{"entries":[{"no":2}]}],"entries":[\n ${entries.join(' ,\n ')} ],"comment":"entries"}}\n`;

  it.each([1, 2, 3, 5, 64, 10_000])('are found in pieces of %i bytes', async (size) => {
    expect(await read(harEntryTexts, har, { size })).toEqual(
      entries.map((entry, i) => [i + 1, entry]),
    );
  });

  it('are told of a file that was cut anywhere', async () => {
    const text = har.trimEnd();
    for (let end = 3; end < text.length; end++) {
      const found = await read(harEntryTexts, text.slice(0, end), { size: 50 });
      expect(found.at(-1), text.slice(0, end)).toEqual([found.length, 'the file ends within it']);
    }
  });

  it('are not kept when they are too long', async () => {
    const long = `{"log":{"entries":[{"a":"${'x'.repeat(200)}"},{"b":1}]}}`;
    expect(await read(harEntryTexts, long, { max: 50 })).toEqual([
      [1, 'it is longer than 50 bytes'],
      [2, '{"b":1}'],
    ]);
  });

  it('are looked for only in what begins as one', () => {
    expect(isHar(Buffer.from(har))).toBe(true);
    expect(isHar(Buffer.from('\n{ "log" : {'))).toBe(true);
    for (const text of ['{"log":"x"}', '{"kind":"event"}', '', '{"a":1,"log":{']) {
      expect(isHar(Buffer.from(text)), text).toBe(false);
    }
  });
});
