import { HookcliError } from '../core/errors.ts';
import { openSingle } from '../deliver/attempt.ts';
import { deliver } from '../deliver/deliver.ts';
import { endpointOf, parseTarget } from '../deliver/target.ts';
import type { Store } from '../store/store.ts';
import { curlCommand } from '../terminal/curl.ts';
import type { CommandContext } from './context.ts';
import { note } from './context.ts';
import type { Stop } from './stop.ts';

const HELP = 'r replay the last event · c copy it as curl · ? this help · q quit';

/** Single keys while a listener runs in a terminal. Returns what gives the terminal back. */
export function startKeys(
  context: CommandContext,
  store: Store,
  url: string,
  stop: Stop,
): () => void {
  const { stdin } = process;
  if (!stdin.isTTY || !context.stdout.isTTY || context.options.flag('json')) return () => {};
  const press = (key: string) => {
    onKey(key, context, store, url, stop).catch((error: unknown) => {
      if (!(error instanceof HookcliError)) throw error;
      note(context, `${error.message} ${error.hint ?? ''}`);
    });
  };
  const onData = (bytes: Buffer) => {
    for (const key of bytes.toString('utf8')) press(key);
  };
  stdin.setRawMode(true);
  stdin.on('data', onData);
  note(context, HELP);
  return () => {
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

async function onKey(
  key: string,
  context: CommandContext,
  store: Store,
  url: string,
  stop: Stop,
): Promise<void> {
  switch (key) {
    case 'q':
      return stop.ask(0);
    // In raw mode Ctrl+C and Ctrl+D reach us as keys.
    case '\x03':
      return void process.kill(process.pid, 'SIGINT');
    case '\x04':
      return stop.ask(0);
    case 'r': {
      // Through our own receiver, so that it is shown, recorded and forwarded as any other.
      const { request } = store.find('last');
      const transport = await openSingle();
      const endpoint = endpointOf(parseTarget(url), request.url);
      await deliver(request, endpoint, { transport, cause: 'replay', timeoutMs: 0 });
      return;
    }
    case 'c': {
      const { request } = store.find('last');
      const curl = curlCommand({ ...request, url: new URL(request.url, url).href });
      // OSC 52 hands the text to the terminal's clipboard; terminals without it ignore it.
      context.stdout.write(`\x1b]52;c;${Buffer.from(curl).toString('base64')}\x07`);
      return note(context, 'Copied the last event as a curl command.');
    }
    case '?':
      return note(context, HELP);
  }
}
