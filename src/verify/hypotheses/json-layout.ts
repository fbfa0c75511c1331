/** How a serialiser lays JSON out. */
export interface Layout {
  /** What one level is indented by; absent: all in one line. */
  readonly indent?: string;
  /** What stands between two items, and between a name and its value. */
  readonly item: string;
  readonly member: string;
  /** What stands between two items of the outermost list, where that is something else. */
  readonly line?: string;
}

export const LAYOUTS = {
  compact: { item: ',', member: ':' },
  /** As Python's json.dumps. */
  spaced: { item: ', ', member: ': ' },
  pretty: { indent: '  ', item: ',', member: ': ' },
  pretty4: { indent: '    ', item: ',', member: ': ' },
  tabs: { indent: '\t', item: ',', member: ': ' },
  lines: { item: ',', member: ':', line: ',\r\n' },
} as const satisfies Record<string, Layout>;

// A stranger's nesting, indented level by level, could fill the memory.
const MOST_DEPTH = 128;
const MOST_GROWTH = 5;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];

const isOpening = (byte: number | undefined) => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number | undefined) => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Room to lay texts of up to this many bytes out in, again and again. */
export const roomFor = (bytes: number): Buffer => Buffer.allocUnsafe(bytes * MOST_GROWTH + 1_024);

/**
 * JSON laid out anew, its names, texts and numbers byte for byte as they were (so that 1.0 stays 1.0).
 * Undefined for what is no object or list, is nested too deeply, or grows beyond the room.
 */
export function layOut(json: Uint8Array, layout: Layout, room: Buffer): Buffer | undefined {
  const [item, member] = [Buffer.from(layout.item), Buffer.from(layout.member)];
  const outermost = layout.line === undefined ? item : Buffer.from(layout.line);
  const { indent } = layout;
  const filler = indent?.charCodeAt(0) ?? 0;
  let [at, end, depth] = [0, 0, 0];

  const write = (bytes: Uint8Array) => {
    for (const byte of bytes) room[end++] = byte;
  };
  const breakLine = () => {
    if (indent === undefined) return;
    room[end++] = 0x0a;
    for (let left = indent.length * depth; left > 0; left--) room[end++] = filler;
  };
  const skipSpace = () => {
    while (isSpace(json[at])) at++;
  };

  for (skipSpace(); at < json.length; skipSpace()) {
    // Room for the longest of what one step writes, its texts excepted.
    if (end + (json.length - at) + MOST_DEPTH * 4 + 16 > room.length) return undefined;
    const byte = json[at++] as number;
    if (isOpening(byte)) {
      room[end++] = byte;
      if (++depth > MOST_DEPTH) return undefined;
      skipSpace();
      if (!isClosing(json[at])) breakLine();
      else {
        depth--;
        room[end++] = json[at++] as number;
      }
    } else if (depth === 0) {
      return undefined;
    } else if (isClosing(byte)) {
      depth--;
      breakLine();
      room[end++] = byte;
    } else if (byte === COMMA) {
      write(depth === 1 ? outermost : item);
      breakLine();
    } else if (byte === COLON) {
      write(member);
    } else {
      room[end++] = byte;
      if (byte === QUOTE) {
        for (let inside = true; inside && at < json.length; ) {
          const letter = json[at++] as number;
          room[end++] = letter;
          if (letter === BACKSLASH && at < json.length) room[end++] = json[at++] as number;
          inside = letter !== QUOTE;
        }
      }
    }
  }
  return depth === 0 ? Buffer.from(room.subarray(0, end)) : undefined;
}
