import { createInterface } from 'node:readline/promises';
import { HookcliError } from '../core/errors.ts';
import { openSingle } from '../deliver/attempt.ts';
import { deliver } from '../deliver/deliver.ts';
import { endpointOf, endpointUrl, parseTarget } from '../deliver/target.ts';
import type { Store } from '../store/store.ts';
import { curlCommand } from '../terminal/curl.ts';
import { type CommandContext, note } from './context.ts';
import type { View } from './listen-filter.ts';
import type { Stop } from './stop.ts';

const HELP = 'r replay the last event · c copy it as curl · / filter · ? help · q quit';

interface KeyParts {
  readonly store: Store;
  /** Of the listener. */
  readonly url: string;
  readonly stop: Stop;
  readonly view: View;
}

/** Single keys while a listener runs in a terminal. Returns what gives the terminal back. */
export function startKeys(context: CommandContext, parts: KeyParts): () => void {
  const { stdin } = process;
  if (!stdin.isTTY || !context.stdout.isTTY || context.options.flag('json')) return () => {};
  const onData = (bytes: Buffer) => {
    for (const key of bytes.toString('utf8')) {
      if (key === '/') {
        release();
        void askFilter(context, parts).finally(hold);
        return;
      }
      act(key, context, parts).catch((error: unknown) => explain(error, context));
    }
  };
  const hold = () => {
    stdin.setRawMode(true);
    stdin.on('data', onData);
    stdin.resume();
  };
  const release = () => {
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
  hold();
  note(context, HELP);
  return release;
}

async function askFilter(context: CommandContext, { view }: KeyParts): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    view.show(await lines.question('show only (empty for all): '));
  } catch (error) {
    explain(error, context);
  } finally {
    lines.close();
  }
}

function explain(error: unknown, context: CommandContext): void {
  if (!(error instanceof HookcliError)) throw error;
  note(context, `${error.message} ${error.hint ?? ''}`);
}

async function act(key: string, context: CommandContext, parts: KeyParts): Promise<void> {
  const { store, url, stop } = parts;
  switch (key) {
    case 'q':
    // In raw mode Ctrl+C and Ctrl+D reach us as keys.
    case '\x04':
      return stop.ask(0);
    case '\x03':
      process.kill(process.pid, 'SIGINT');
      return;
    case 'r': {
      // Through our own receiver, so that it is shown, recorded and forwarded as any other.
      const { request } = store.find('last');
      const endpoint = endpointOf(parseTarget(url), request.url);
      await deliver(request, endpoint, {
        transport: await openSingle(),
        cause: 'replay',
        timeoutMs: 0,
      });
      return;
    }
    case 'c': {
      const { request } = store.find('last');
      const endpoint = endpointOf(parseTarget(url), request.url);
      const curl = curlCommand({ ...request, url: endpointUrl(endpoint) });
      // OSC 52 hands the text to the terminal's clipboard; terminals without it ignore it.
      context.stdout.write(`\x1b]52;c;${Buffer.from(curl).toString('base64')}\x07`);
      return note(context, 'Copied the last event as a curl command.');
    }
    case '?':
      return note(context, HELP);
  }
}
