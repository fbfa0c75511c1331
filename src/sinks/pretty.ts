import type { Happening, Sink } from '../core/types.ts';
import { deliveryLine, eventLine } from '../terminal/event-line.ts';
import { safe } from '../terminal/safe.ts';
import type { Theme } from '../terminal/theme.ts';

export interface PrettySinkOptions {
  readonly write: (text: string) => void;
  readonly theme: Theme;
  /** How long the provider with this id waits for an answer, in milliseconds. */
  readonly deadlineOf: (provider: string) => number | undefined;
}

/** Happenings as lines for people. */
export function prettySink(options: PrettySinkOptions): Sink {
  return (happening) => options.write(`${textOf(happening, options)}\n`);
}

function textOf(happening: Happening, { theme, deadlineOf }: PrettySinkOptions): string {
  switch (happening.kind) {
    case 'listening': {
      const { url, forward } = happening;
      const to =
        forward.length > 0
          ? `-> ${forward.join(', ')}`
          : '(answering 200; --forward passes events on)';
      return `${theme.ok('Ready!')} ${url} ${to}`;
    }
    case 'event':
      return eventLine(happening.event, theme);
    case 'delivery': {
      const { event, delivery } = happening;
      const deadlineMs = deadlineOf(event.provider);
      return deliveryLine(event, delivery, theme, deadlineMs === undefined ? {} : { deadlineMs });
    }
    case 'trouble': {
      const { message, hint } = happening;
      const line = `${theme.bad('trouble:')} ${safe(message)}`;
      return hint === undefined ? line : `${line}\n${safe(hint)}`;
    }
  }
}
