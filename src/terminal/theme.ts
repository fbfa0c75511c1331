import { Chalk } from 'chalk';

type Paint = (text: string) => string;

/** What text is, not which colour it has. */
export interface Theme {
  readonly ok: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly dim: Paint;
  readonly strong: Paint;
  readonly provider: Paint;
  readonly link: Paint;
  readonly symbols: {
    readonly ok: string;
    readonly bad: string;
    readonly warn: string;
    readonly arrow: string;
  };
}

const SYMBOLS: Theme['symbols'] = { ok: '✓', bad: '✗', warn: '!', arrow: '→' };
const ASCII_SYMBOLS: Theme['symbols'] = { ok: '+', bad: 'x', warn: '!', arrow: '->' };

const asIs: Paint = (text) => text;
// Without colour there is no need of chalk, which a bundle loads when its class is first used.
const PLAIN = {
  ok: asIs,
  bad: asIs,
  warn: asIs,
  dim: asIs,
  strong: asIs,
  provider: asIs,
  link: asIs,
};

export interface ThemeOptions {
  readonly color: boolean;
  /** False where the terminal's font or code page has no symbols. */
  readonly unicode?: boolean;
}

export function createTheme({ color, unicode = true }: ThemeOptions): Theme {
  const symbols = unicode ? SYMBOLS : ASCII_SYMBOLS;
  if (!color) return { ...PLAIN, symbols };
  // The sixteen colours of the terminal's own palette, which the user chose to be readable.
  const chalk = new Chalk({ level: 1 });
  return {
    ok: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    warn: (text) => chalk.yellow(text),
    dim: (text) => chalk.dim(text),
    strong: (text) => chalk.bold(text),
    provider: (text) => chalk.cyan(text),
    link: (text) => chalk.underline(text),
    symbols,
  };
}

export interface ColorWish {
  readonly flag: 'auto' | 'on' | 'off';
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTTY: boolean;
}

/** Colour where the user asked for it, else on a terminal that has it (https://no-color.org). */
export function wantsColor({ flag, env, isTTY }: ColorWish): boolean {
  if (flag !== 'auto') return flag === 'on';
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTTY && env.TERM !== 'dumb';
}
