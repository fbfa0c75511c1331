/** One text, number, truth or null of a JSON text, and where it stands. */
export interface Literal {
  readonly value: unknown;
  /** The nearest name around it: of a list, that of the list. */
  readonly key: string;
  /** The object it is a member of; an empty one for those in a list or alone. */
  readonly parent: object;
  /** The nearest name around that object. */
  readonly parentKey: string;
}

interface Frame {
  readonly isList: boolean;
  readonly parsed: unknown;
  /** The nearest name around it. */
  readonly name: string;
  key: string;
  index: number;
}

/**
 * The same JSON text with some of its literals changed; every other byte stays as it was written.
 *
 * @param change gives the new value, or the same one
 * @param changeKey gives a member's new name, or the same one
 * @throws SyntaxError for what is not JSON
 */
export function rewriteJson(
  text: string,
  change: (literal: Literal) => unknown,
  changeKey: (key: string) => string,
): string {
  const root: unknown = JSON.parse(text);
  const frames: Frame[] = [];
  let written = '';
  let expectsKey = false;
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at);
    const token = text.slice(at, end);
    at = end;
    const frame = frames.at(-1);
    if (token === '{' || token === '[') {
      frames.push(frameOf(token === '[', frame, root));
      expectsKey = token === '{';
    } else if (token === '}' || token === ']') frames.pop();
    else if (token === ',') {
      if (frame !== undefined) frame.index++;
      expectsKey = frame?.isList === false;
    } else if (expectsKey && token[0] === '"' && frame !== undefined) {
      frame.key = JSON.parse(token);
      expectsKey = false;
      written += changed(token, frame.key, changeKey(frame.key));
      continue;
    } else if (/^["\w-]/.test(token)) {
      const literal = literalOf(token, frame);
      written += changed(token, literal.value, change(literal));
      continue;
    }
    written += token;
  }
  return written;
}

const changed = (token: string, before: unknown, after: unknown): string =>
  after === before ? token : JSON.stringify(after);

function frameOf(isList: boolean, above: Frame | undefined, root: unknown): Frame {
  const parsed = above === undefined ? root : childOf(above);
  return { isList, parsed, name: nameIn(above), key: '', index: 0 };
}

/** Of a name that is there twice, the last one was parsed; then what is found may be of another form. */
function childOf({ isList, parsed, key, index }: Frame): unknown {
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const step = isList ? String(index) : key;
  return Object.hasOwn(parsed, step) ? (parsed as Record<string, unknown>)[step] : undefined;
}

const nameIn = (frame: Frame | undefined): string =>
  frame === undefined ? '' : frame.isList ? frame.name : frame.key;

function literalOf(token: string, frame: Frame | undefined): Literal {
  const isMember = frame !== undefined && !frame.isList;
  const { parsed } = frame ?? {};
  const parent = isMember && typeof parsed === 'object' && parsed !== null ? parsed : {};
  return { value: JSON.parse(token), key: nameIn(frame), parent, parentKey: frame?.name ?? '' };
}

/** Where the token that begins here ends: a text, a sign, a run of blanks, or a word or number. */
function tokenEnd(text: string, from: number): number {
  const first = text[from] as string;
  if ('{}[],:'.includes(first)) return from + 1;
  if (first !== '"') {
    let at = from + 1;
    const isBlank = first <= ' ';
    while (at < text.length && !'{}[],:"'.includes(text[at] as string)) {
      if ((text[at] as string) <= ' ' !== isBlank) break;
      at++;
    }
    return at;
  }
  for (let at = from + 1; ; ) {
    const end = text.indexOf('"', at);
    if (end === -1) return text.length;
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}
