import type { Happening, Sink } from '../core/types.ts';
import { deliveryLine, eventLine } from '../terminal/event-line.ts';
import { safe } from '../terminal/safe.ts';
import type { Theme } from '../terminal/theme.ts';
import { apologyOf, steadySink, type Write } from './steady.ts';

export interface PrettySinkOptions {
  readonly write: Write;
  readonly theme: Theme;
  /** How long the provider with this id waits for an answer, in milliseconds. */
  readonly deadlineOf: (provider: string) => number | undefined;
  /** Columns of the terminal. */
  readonly width?: number;
}

/** Happenings as lines for people. */
export function prettySink(options: PrettySinkOptions): Sink {
  return steadySink(
    options.write,
    (happening) => `${textOf(happening, options)}\n`,
    (happening, error) => `${troubleText(apologyOf(happening, error), options.theme)}\n`,
  );
}

function textOf(happening: Happening, { theme, deadlineOf, width }: PrettySinkOptions): string {
  switch (happening.kind) {
    case 'listening': {
      const { url, forward, dashboard } = happening;
      const to = forward.length > 0 ? `-> ${safe(forward.join(', '))}` : '(answering 200)';
      const ready = `${theme.ok('Ready!')} ${safe(url)} ${to}`;
      return dashboard === undefined
        ? ready
        : `${ready}\nDashboard: ${theme.link(safe(dashboard))}`;
    }
    case 'event':
      return eventLine(happening.event, theme);
    case 'delivery': {
      const { event, delivery } = happening;
      const deadlineMs = deadlineOf(event.provider);
      return deliveryLine(event, delivery, theme, {
        ...(deadlineMs === undefined ? {} : { deadlineMs }),
        ...(width === undefined ? {} : { width }),
      });
    }
    case 'trouble': {
      const { message, hint } = happening;
      const line = troubleText(message, theme);
      return hint === undefined ? line : `${line}\n  ${safe(hint)}`;
    }
  }
}

const troubleText = (message: string, theme: Theme): string =>
  `${theme.bad('trouble:')} ${safe(message)}`;
