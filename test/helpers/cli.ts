import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';

/** The command line as users run it: the built one. */
export const BIN = path.resolve(import.meta.dirname, '../../bin/hookcli.js');

const PATIENCE_MS = 15_000;

export interface Outcome {
  /** The exit code; the signal's name when one ended the process. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
  /** What stdout held, byte for byte. */
  readonly bytes: Buffer;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** Options of Node itself. */
  readonly node?: readonly string[];
}

type AtEnd = (work: () => Promise<void>) => void;

/** A user's machine of its own: home, settings and a project, with hookcli to run in it. */
export class Sandbox {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'hookcli-test-'));
  readonly home = path.join(this.root, 'home');
  readonly config = path.join(this.root, 'config');
  readonly project = path.join(this.root, 'project');
  readonly #running = new Set<ChildProcess>();
  readonly #works: (() => Promise<void>)[] = [];
  /** Has something done when the sandbox ends; for what starts in a hook, where vitest takes nothing. */
  readonly atEnd: AtEnd = (work) => void this.#works.push(work);

  /** @param atEnd `afterAll` or `onTestFinished` of vitest */
  constructor(atEnd: AtEnd) {
    for (const folder of [this.home, this.config, this.project]) fs.mkdirSync(folder);
    atEnd(() => this.#close());
  }

  /** The store that commands find when none is named. */
  get store(): string {
    return path.join(this.project, '.hookcli');
  }

  /** Writes a file of the project, JSON where it is no text. */
  write(name: string, content: unknown): string {
    const file = path.resolve(this.project, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const isBytes = typeof content === 'string' || content instanceof Uint8Array;
    fs.writeFileSync(file, isBytes ? content : JSON.stringify(content));
    return file;
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.#finish(this.spawn(process.execPath, nodeArgs(args, options), options));
  }

  /** Runs a command of the shell, in which `hookcli` is ours. */
  shell(script: string, options: RunOptions = {}): Promise<Outcome> {
    const text = `hookcli() { "${process.execPath}" "${BIN}" "$@"; }\n${script}`;
    return this.#finish(this.spawn('bash', ['-c', text], options));
  }

  /** Runs it and reads every line of its output as JSON. */
  async json(args: readonly string[], options: RunOptions = {}) {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options);
    return { code, stderr, lines: jsonLines(stdout) };
  }

  /** Starts `listen` on a free port and waits until it is ready. */
  async listen(args: readonly string[] = [], options: RunOptions = {}): Promise<Listening> {
    const port = options.env?.HOOKCLI_PORT === undefined ? ['--port', '0'] : [];
    const dashes = args.indexOf('--');
    const at = dashes === -1 ? args.length : dashes;
    const all = ['listen', ...args.slice(0, at), ...port, ...args.slice(at)];
    const child = this.spawn(process.execPath, nodeArgs(all, options), options);
    const listening = new Listening(child);
    await listening.ready();
    return listening;
  }

  /** Starts any process in the sandbox; whatever still runs at the end is killed. */
  spawn(command: string, args: readonly string[], options: RunOptions = {}): ChildProcess {
    const child = spawn(command, args, {
      cwd: options.cwd ?? this.project,
      env: this.env(options.env),
      stdio: 'pipe',
    });
    child.stdin?.on('error', () => {
      // It may end before it has read everything.
    });
    child.stdin?.end(options.stdin ?? '');
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }

  /** Nothing of the environment of the tests but what a process needs to start. */
  env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { PATH = '' } = process.env;
    return {
      PATH,
      HOME: this.home,
      HOOKCLI_CONFIG_DIR: this.config,
      TZ: 'UTC',
      // It would be left behind in the temporary folder of the machine.
      NODE_DISABLE_COMPILE_CACHE: '1',
      ...more,
    };
  }

  async #finish(child: ChildProcess): Promise<Outcome> {
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    clearTimeout(timer);
    const bytes = Buffer.concat(stdout);
    return {
      code: code ?? signal ?? 'gone',
      stdout: bytes.toString('utf8'),
      stderr: Buffer.concat(stderr).toString('utf8'),
      bytes,
    };
  }

  async #close(): Promise<void> {
    await Promise.all(
      [...this.#running].map((child) => {
        const closed = once(child, 'close');
        child.kill('SIGKILL');
        return closed;
      }),
    );
    for (const work of this.#works) await work();
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

function nodeArgs(args: readonly string[], { node = [] }: RunOptions): string[] {
  return [...node, BIN, ...args];
}

function collect(stream: NodeJS.ReadableStream | null): Buffer[] {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

// biome-ignore lint/suspicious/noExplicitAny: lines of every kind; a test names the members it asserts.
export type Line = any;

export const jsonLines = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

interface Waiter {
  readonly from: number;
  readonly fits: (line: string) => boolean;
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** A running `hookcli listen`, and what it has said so far. */
export class Listening {
  readonly lines: string[] = [];
  url = '';
  readonly #child: ChildProcess;
  readonly #stderr: Buffer[];
  readonly #waiters = new Set<Waiter>();
  readonly #ended: Promise<{ code: number | string; stdout: string; stderr: string }>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#stderr = collect(child.stderr);
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
    this.#ended = once(child, 'close').then(([code, signal]) => {
      for (const { reject } of this.#waiters) reject(this.#silence('It ended'));
      return { code: code ?? signal, stdout: this.lines.join('\n'), stderr: this.stderr };
    });
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get stderr(): string {
    return Buffer.concat(this.#stderr).toString('utf8');
  }

  /** The lines as JSON. */
  get json(): Line[] {
    return jsonLines(this.lines.join('\n'));
  }

  async ready(): Promise<void> {
    const line = await this.line(/^Ready! |"kind":"listening"/);
    this.url = /https?:\/\/[^\s"]+/.exec(line)?.[0] ?? '';
  }

  /**
   * The first line that fits, whether it came already or not.
   *
   * @param from how many lines to pass over
   */
  line(fits: RegExp | ((line: string) => boolean), from = 0): Promise<string> {
    const matches = typeof fits === 'function' ? fits : (line: string) => fits.test(line);
    const known = this.lines.slice(from).find(matches);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiter.reject(this.#silence('Waited')), PATIENCE_MS);
      const settle = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        from,
        fits: matches,
        resolve: (line) => {
          settle();
          resolve(line);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** The first JSON line that fits. */
  async happening(fits: (line: Line) => boolean, from = 0): Promise<Line> {
    return JSON.parse(await this.line((line) => fits(JSON.parse(line)), from));
  }

  /** Asks it to stop and waits until it has. */
  stop(signal: NodeJS.Signals = 'SIGTERM') {
    this.#child.kill(signal);
    return this.#ended;
  }

  /** Resolves when it ends by itself. */
  ended() {
    return this.#ended;
  }

  #take(line: string): void {
    const at = this.lines.push(line) - 1;
    for (const waiter of this.#waiters) {
      if (at >= waiter.from && waiter.fits(line)) waiter.resolve(line);
    }
  }

  #silence(what: string): Error {
    return new Error(
      `${what} for a line that never came.\n${this.lines.join('\n')}\n${this.stderr}`,
    );
  }
}

/** What is wrong, with which value; then what to do next; nothing on stdout, and no stack trace. */
export function expectError(
  { stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>,
  { says, hint }: { readonly says: RegExp; readonly hint: RegExp },
): void {
  expect(stderr).toMatch(says);
  expect(stderr.split('\n').slice(1).join('\n')).toMatch(hint);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/^ *at |\.cjs|node:internal/m);
  expect(stdout).toBe('');
}
