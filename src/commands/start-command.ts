import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { EXIT, HookcliError } from '../core/errors.ts';
import type { CommandContext } from './context.ts';
import type { Stop } from './stop.ts';

const PATIENCE_MS = 5_000;

/**
 * Starts the command behind `--` with the listener's address and the secrets in its environment.
 * When it ends, the listener is asked to stop with its exit code.
 *
 * @returns ends the command and everything it started
 * @throws HookcliError `cannot-start`
 */
export async function startCommand(
  { rest, env, cwd }: CommandContext,
  url: string,
  secrets: Readonly<Record<string, string>>,
  stop: Stop,
): Promise<() => Promise<void>> {
  const [command = '', ...args] = rest;
  const windows = process.platform === 'win32';
  const child = spawn(command, args, {
    cwd,
    env: { ...env, ...secrets, HOOKCLI_URL: url },
    // Its output goes to our stderr: our stdout carries the result.
    stdio: ['inherit', 2, 2],
    // A group of its own, so that what `npm start` starts ends with it.
    detached: !windows,
    shell: windows,
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new HookcliError('cannot-start', `Cannot start "${command}": ${messageOf(error)}`, {
      hint: 'Check the command behind "--".',
      exitCode: EXIT.usage,
      cause: error,
    });
  }
  child.once('exit', (code, signal) => stop.ask(code ?? (signal === 'SIGINT' ? 130 : 143)));
  return () => endGroup(child);
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  signalGroup(child, 'SIGTERM');
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), PATIENCE_MS);
  await once(child, 'exit');
  clearTimeout(timer);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-(child.pid as number), signal);
  } catch {
    // It is gone already.
  }
}
