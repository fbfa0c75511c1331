export interface SafeOptions {
  /** Keep line breaks and tabs. */
  readonly lines?: boolean;
  /** Cut after this many characters. */
  readonly max?: number;
}

// Control characters (C0, DEL, C1: 0x9B alone starts a sequence), everything that hides or reorders
// text, line separators and halves of surrogate pairs. Each can make a terminal show what is not
// there. Variation selectors stay, since ordinary emoji have them.
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/gu;

// To the runner of GitHub Actions a log line that begins with :: or holds ##[ is a command:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
const RUNNER_COMMAND = /^([^\S\n]*):(?=:)|#(?=#\[)/gm;

function spell(letter: string): string {
  const code = letter.codePointAt(0) as number;
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}

/** Printable ASCII without what a runner could take for a command: nearly all there is to show. */
const HARMLESS = /^(?:[\x20-\x22\x24-\x39\x3b-\x7e]|:(?!:)|#(?!#))*$/;

/** The one way in which text from outside reaches a terminal: what could steer it is spelt out. */
export function safe(text: string, { lines = false, max }: SafeOptions = {}): string {
  const part = max === undefined ? text : text.slice(0, max + 1);
  if (HARMLESS.test(part)) return max === undefined ? part : cut(part, max);
  const shown = part
    .replace(UNSAFE, (found) =>
      lines && (found === '\n' || found === '\t') ? found : spell(found),
    )
    .replace(RUNNER_COMMAND, (found, blank) => (found === '#' ? '\\x23' : `${blank}\\x3a`));
  return max === undefined ? shown : cut(shown, max);
}

/** A name from outside as one column of a line; in quotes where its blanks could pass for columns. */
export function safeName(text: string, max: number): string {
  const shown = safe(text, { max });
  return shown === '' || /[\s"]|^:/.test(shown) ? `"${shown.replaceAll('"', '\\"')}"` : shown;
}

/** JSON means the same with these characters escaped, and can be looked at without harm. */
export const safeJson = (json: string): string =>
  json.replace(UNSAFE, (found) =>
    Array.from({ length: found.length }, (_, i) => found.charCodeAt(i))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );

/** At most `max` characters, the last of them `…` when something was cut. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max < 1) return '';
  const splitsPair = /[\ud800-\udbff]/.test(text[max - 2] ?? '');
  return `${text.slice(0, splitsPair ? max - 2 : max - 1)}…`;
}
