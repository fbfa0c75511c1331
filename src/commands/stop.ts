import { timerMs } from '../core/clock.ts';
import { EXIT } from '../core/errors.ts';
import type { Sink } from '../core/types.ts';

/** The end of a command that stays up: asked for once, by whoever is first. */
export class Stop {
  /** Resolves with the exit code when somebody asks. */
  readonly asked: Promise<number>;
  readonly #resolve: (code: number) => void;

  constructor() {
    let resolve: (code: number) => void = () => {};
    this.asked = new Promise((settle) => {
      resolve = settle;
    });
    this.#resolve = resolve;
  }

  ask(code: number): void {
    this.#resolve(code);
  }

  /**
   * Asks after a while, unless the returned function is called before.
   *
   * @param ms in milliseconds
   */
  after(ms: number, code: number): () => void {
    const timer = setTimeout(() => this.ask(code), timerMs(ms));
    return () => clearTimeout(timer);
  }

  /**
   * Asks at the first SIGINT, SIGTERM or SIGHUP (the terminal was closed); the second one ends the
   * process at once.
   */
  onSignals(): void {
    const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
    let heard = false;
    const onSignal = (signal: keyof typeof codes) => {
      if (heard) process.exit(codes[signal]);
      heard = true;
      this.ask(codes[signal]);
    };
    for (const signal of Object.keys(codes)) process.on(signal, onSignal);
  }
}

/**
 * A sink that passes everything on and asks to stop after so many verified events. The answer to the
 * last of them still gets out, since a server that stops finishes what is in flight.
 */
export function countdown(after: number | undefined, stop: Stop, sink: Sink): Sink {
  let left = after;
  return (happening) => {
    sink(happening);
    if (left === undefined || happening.kind !== 'event') return;
    const { verdict, handshake } = happening.event;
    if (verdict.status !== 'verified' || handshake !== undefined) return;
    if (--left === 0) stop.ask(EXIT.ok);
  };
}
