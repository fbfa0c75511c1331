export interface SafeOptions {
  /** Keep line breaks and tabs. */
  readonly lines?: boolean;
  /** Cut after this many characters. */
  readonly max?: number;
}

// C0, DEL and C1 (0x9B alone starts a sequence), format characters that hide or reorder text, line
// separators, and halves of surrogate pairs. All of them can make a terminal show what is not there.
const UNSAFE =
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udfff]/g;

const escape = (text: string): string =>
  [...text]
    .map((letter) => {
      const code = letter.codePointAt(0) as number;
      const digits = code.toString(16);
      if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
      return code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
    })
    .join('');

/** The one way in which text from outside reaches a terminal: whatever could steer it is spelt out. */
export function safe(text: string, { lines = false, max }: SafeOptions = {}): string {
  const shown = text.replace(UNSAFE, (found) =>
    lines && (found === '\n' || found === '\t') ? found : escape(found),
  );
  return max === undefined ? shown : cut(shown, max);
}

/** At most `max` characters, the last of them `…` when something was cut. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = Math.max(0, max - 1);
  const splitsPair = /[\ud800-\udbff]/.test(text[end - 1] ?? '');
  return `${text.slice(0, splitsPair ? end - 1 : end)}…`;
}
