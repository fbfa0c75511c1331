/** The exit codes of the command line; scripts and CI depend on them. */
export const EXIT = {
  ok: 0,
  /** What was tested failed. */
  failed: 1,
  /** Used wrongly. */
  usage: 2,
  /** Could not judge. */
  undecided: 3,
  /** Port in use, store unreadable or full. */
  environment: 4,
  /** Nothing matched or nothing ran. */
  nothing: 5,
  bug: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface HookcliErrorOptions {
  /** What to do next: a sentence or a command to try. */
  readonly hint?: string;
  /** Exit code of the command line; wrong use when absent. */
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

// Each command is a bundle of its own with a copy of this class; the mark is the same in all of them.
const MARK = Symbol.for('hookcli.error');

/** An error with a name, a fact and a way out. Anything else that is thrown is a bug of ours. */
export class HookcliError extends Error {
  override readonly name = 'HookcliError';
  /** A stable word for programs, such as `unknown-provider`. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  /**
   * @param code stable word for programs
   * @param message what is wrong, with which value
   */
  constructor(code: string, message: string, options: HookcliErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT.usage;
  }

  get [MARK](): true {
    return true;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value;
  }
}

/** The word Node gives a system error (`EACCES`, `ENOENT`), or undefined. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
