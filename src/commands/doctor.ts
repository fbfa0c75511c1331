import dns from 'node:dns/promises';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { EXIT, type ExitCode, HookcliError, systemCode } from '../core/errors.ts';
import { formatSize } from '../core/limits.ts';
import { LOOPBACKS } from '../deliver/loopback.ts';
import { parseTarget } from '../deliver/target.ts';
import { providers } from '../providers/index.ts';
import { held, heldEvents } from '../store/held.ts';
import { runningListener } from '../store/listeners.ts';
import { safe } from '../terminal/safe.ts';
import { type CommandContext, jsonOf, type RunCommand, storeFolder, storeOf } from './context.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { secretsOf } from './proof.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint?: string;
  /** What a failure means for the exit code. */
  readonly exitCode?: ExitCode;
}

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const checks = [
    checkNode(),
    ...checkStore(context),
    await checkPort(context),
    ...checkSecrets(context),
    ...(await checkTarget(context)),
  ];
  print(context, checks);
  return checks.find(({ ok }) => !ok)?.exitCode ?? EXIT.ok;
};

function print(context: CommandContext, checks: readonly Check[]): void {
  const { options, stdout } = context;
  if (options.flag('json')) {
    const lines = jsonOf(context);
    for (const { exitCode: _, ...check } of checks) lines.write({ kind: 'check', ...check });
    return;
  }
  const theme = context.theme;
  for (const { name, ok, detail, hint } of checks) {
    const mark = ok ? theme.ok(theme.symbols.ok) : theme.bad(theme.symbols.bad);
    stdout.write(`${mark} ${name.padEnd(8)}  ${safe(detail)}\n`);
    if (hint !== undefined) stdout.write(`            ${theme.dim(safe(hint))}\n`);
  }
}

function checkNode(): Check {
  return { name: 'node', ok: true, detail: `${process.version} on ${process.platform}` };
}

function checkStore(context: CommandContext): Check[] {
  const dir = storeFolder(context);
  try {
    const [newest] = storeOf(context).newest();
    const holds = newest === undefined ? 'no events yet' : holdings(dir, newest.at);
    fs.accessSync(existing(dir), fs.constants.W_OK);
    return [{ name: 'store', ok: true, detail: `${dir}, ${holds}` }];
  } catch (error) {
    const known = error instanceof HookcliError;
    if (!known && systemCode(error) === undefined) throw error;
    return [
      {
        name: 'store',
        ok: false,
        detail: known ? error.message : `${dir} cannot be written: ${systemCode(error)}`,
        hint: (known && error.hint) || 'Name another folder with --store.',
        exitCode: EXIT.environment,
      },
    ];
  }
}

function holdings(dir: string, last: Date): string {
  const { bytes, since } = held(dir);
  const from = since === undefined ? '' : ` since ${since.toISOString()}`;
  return `${heldEvents(dir)} events (${formatSize(bytes)})${from}, the last one ${last.toISOString()}`;
}

/** The folder itself, or the nearest one above it, in which it would be made. */
function existing(dir: string): string {
  return fs.existsSync(dir) ? dir : existing(path.dirname(dir));
}

async function checkPort(context: CommandContext): Promise<Check> {
  const port = context.options.integer('port', { min: 0, max: 65_535 }) ?? 4400;
  const listener = runningListener(storeFolder(context));
  if (listener !== undefined) {
    return {
      name: 'port',
      ok: true,
      detail: `hookcli listens on ${listener.url} (pid ${listener.pid})`,
    };
  }
  const trouble = await new Promise<string | undefined>((resolve) => {
    const probe = net.createServer();
    probe.once('error', (error) => resolve(systemCode(error) ?? error.message));
    probe.listen({ port, host: '127.0.0.1' }, () => probe.close(() => resolve(undefined)));
  });
  if (trouble === undefined) return { name: 'port', ok: true, detail: `${port} is free` };
  return {
    name: 'port',
    ok: false,
    detail: `${port} cannot be listened on: ${trouble}`,
    hint: 'Choose another: hookcli listen --port 0',
    exitCode: EXIT.environment,
  };
}

function checkSecrets(context: CommandContext): Check[] {
  const finder = secretsOf(context, true);
  return providers.map(({ id, ...provider }) => {
    const name = 'secret';
    try {
      const found = finder.findKnown({ id, ...provider });
      const detail =
        found === undefined
          ? `${id}: none set; one is made when it is needed`
          : `${id}: ${found.origin}`;
      return { name, ok: true, detail };
    } catch (error) {
      if (!(error instanceof HookcliError)) throw error;
      const hint = error.hint === undefined ? {} : { hint: error.hint };
      return { name, ok: false, detail: `${id}: ${error.message}`, ...hint, exitCode: EXIT.usage };
    }
  });
}

/** Which addresses of the target accept connections; `localhost` often means two. */
async function checkTarget({ args, options }: CommandContext): Promise<Check[]> {
  const text = args[0] ?? options.text('forward');
  if (text === undefined) return [];
  const { origin } = parseTarget(text);
  const { hostname, port, protocol } = new URL(origin);
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  const addresses =
    hostname === 'localhost'
      ? LOOPBACKS
      : await dns.lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
  const tried = await Promise.all(
    addresses.map(async ({ address, family }) => ({
      address: family === 6 ? `[${address}]:${number}` : `${address}:${number}`,
      trouble: await connectTrouble(address, number),
    })),
  );
  const open = tried.filter(({ trouble }) => trouble === undefined);
  if (open.length > 0) {
    const closed = tried.filter(({ trouble }) => trouble !== undefined);
    const rest =
      closed.length === 0 ? '' : `; not on ${closed.map(({ address }) => address).join(', ')}`;
    const detail = `${origin} answers on ${open.map(({ address }) => address).join(', ')}${rest}`;
    return [{ name: 'target', ok: true, detail }];
  }
  return [
    {
      name: 'target',
      ok: false,
      detail:
        tried.length === 0
          ? `${hostname} has no address`
          : `${origin} cannot be reached: ${tried.map(({ address, trouble }) => `${address} ${trouble}`).join(', ')}`,
      hint: `Is your server running on port ${number}?`,
      exitCode: EXIT.undecided,
    },
  ];
}

function connectTrouble(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const settle = (trouble: string | undefined) => {
      socket.destroy();
      resolve(trouble);
    };
    socket.setTimeout(2_000, () => settle('no answer within 2 s'));
    socket.once('connect', () => settle(undefined));
    socket.once('error', (error) => settle(systemCode(error) ?? error.message));
  });
}
