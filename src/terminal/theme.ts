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
  readonly symbols: { readonly ok: string; readonly bad: string; readonly warn: string };
}

export function createTheme({ color }: { readonly color: boolean }): Theme {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    ok: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    warn: (text) => chalk.yellow(text),
    dim: (text) => chalk.dim(text),
    strong: (text) => chalk.bold(text),
    provider: (text) => chalk.cyan(text),
    symbols: { ok: '✓', bad: '✗', warn: '!' },
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
