import { createRequire } from 'node:module';
import { HookcliError } from '../core/errors.ts';
import { withoutHeader } from '../core/headers.ts';
import type { RecordedEvent } from '../core/types.ts';
import { endpointOf, endpointUrl, parseTarget } from '../deliver/target.ts';
import { HAR_TAIL, harEntries, harHead } from '../formats/har.ts';
import { httpMessage } from '../formats/http-message.ts';
import { eventJson } from '../store/record.ts';
import { curlCommand } from '../terminal/curl.ts';
import { powershellCommand } from '../terminal/curl-powershell.ts';
import { safeJson } from '../terminal/safe.ts';
import type { CommandContext } from './context.ts';
import { DEFAULT_LISTENER, isLoopback, listenerOf } from './destination.ts';

/** How events become a file. */
export interface EventFormat {
  readonly head?: string;
  /** Between the texts of two events. */
  readonly between?: string;
  readonly tail?: string;
  text(event: RecordedEvent): string | Uint8Array;
  /** What becomes of the text that comes first. */
  first?(text: string): string;
}

/**
 * The format with this name.
 *
 * @throws HookcliError `bad-option`
 */
export function eventFormat(name: string, context: CommandContext): EventFormat {
  switch (name) {
    case 'curl':
      return curlFormat(context);
    case 'http':
      return { text: ({ request }) => httpMessage(request) };
    case 'har':
      return harFormat();
    case 'json':
      return JSON_LINES;
  }
  throw new HookcliError('bad-option', `--format: "${name}" is not known.`, {
    hint: 'Possible: curl, http, har, json, fixture.',
  });
}

/** As `show --json` prints them; the schema stands in the first line alone. */
const JSON_LINES: EventFormat = {
  text: (event) => `${safeJson(JSON.stringify(eventJson(event, { request: true })))}\n`,
  first: (text) => text.replace('{"kind":"event",', '{"kind":"event","schema":1,'),
};

function harFormat(): EventFormat {
  // The same way up, from the source and from the bundle.
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  return {
    head: harHead(version),
    between: ',\n',
    tail: HAR_TAIL,
    text: (event) =>
      harEntries(event)
        .map((entry) => safeJson(JSON.stringify(entry)))
        .join(',\n'),
  };
}

const SHELLS = {
  sh: curlCommand,
  bash: curlCommand,
  zsh: curlCommand,
  powershell: powershellCommand,
  pwsh: powershellCommand,
};

function curlFormat(context: CommandContext): EventFormat {
  const shell = context.options.text('shell') ?? 'sh';
  const command = Object.hasOwn(SHELLS, shell) ? SHELLS[shell as keyof typeof SHELLS] : undefined;
  if (command === undefined) {
    throw new HookcliError('bad-option', `--shell: "${shell}" is not known.`, {
      hint: 'Possible: sh, bash, zsh, powershell.',
    });
  }
  const urlOf = targetsOf(context);
  return {
    text({ request, ...event }) {
      const url = urlOf({ ...event, request });
      // The host is that of where it goes, as it is of whatever hookcli delivers.
      const headers = withoutHeader(request.headers, 'host');
      return `${command({ ...request, url, headers })}\n`;
    },
  };
}

/** Where each event would go: what captured text says never leads off this machine. */
function targetsOf(context: CommandContext): (event: RecordedEvent) => string {
  const to = context.options.text('to');
  const listener = to === undefined ? listenerOf(context)?.url : undefined;
  const fixed = to ?? listener;
  return ({ request, deliveries }) => {
    const last = to === undefined ? deliveries.at(-1)?.endpoint : undefined;
    const isHere = last !== undefined && isLoopback(new URL(last).origin);
    const target = isHere ? last : (fixed ?? DEFAULT_LISTENER);
    return endpointUrl(endpointOf(parseTarget(target), request.url));
  };
}
