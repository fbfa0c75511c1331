import type { Happening, Sink } from '../core/types.ts';

export type Write = (text: string) => void;

/**
 * A sink that never throws into the pipe. After a write that failed (the reader has gone) it stays
 * silent; what cannot be put into words is reported by name.
 */
export function steadySink(
  write: Write,
  textOf: (happening: Happening) => string,
  apology: (happening: Happening, error: unknown) => string,
): Sink {
  let isBroken = false;
  return (happening) => {
    if (isBroken) return;
    let text: string;
    try {
      text = textOf(happening);
    } catch (error) {
      text = apology(happening, error);
    }
    try {
      write(text);
    } catch {
      isBroken = true;
    }
  };
}

/** What to say of a happening that could not be shown. */
export function apologyOf(happening: Happening, error: unknown): string {
  const id = 'event' in happening ? ` ${happening.event.id}` : '';
  const why = error instanceof Error ? error.message : String(error);
  return `The ${happening.kind}${id} could not be shown: ${why}`;
}
