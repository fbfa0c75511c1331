import { timerMs } from '../core/clock.ts';

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

  /** Asks at the first SIGINT or SIGTERM; the second one ends the process at once. */
  onSignals(): () => void {
    const codes = { SIGINT: 130, SIGTERM: 143 } as const;
    let heard = false;
    const onSignal = (signal: keyof typeof codes) => {
      if (heard) process.exit(codes[signal]);
      heard = true;
      this.ask(codes[signal]);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    // The listeners stay: while what is in flight finishes, a second signal must still count.
    return () => {};
  }
}
