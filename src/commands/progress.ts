import { monotonicMs } from '../core/clock.ts';
import { type Progress, progressLine } from '../terminal/progress.ts';
import type { CommandContext } from './context.ts';

/** What is over sooner needs no bar. */
const QUIET_MS = 500;
const EVERY_MS = 100;

/** A line on a terminal that tells how far a long work has come; on anything else nothing is drawn. */
export class ProgressBar {
  readonly #context: CommandContext;
  readonly #startMs = monotonicMs();
  readonly #isOn: boolean;
  #drawnMs = 0;
  #isDrawn = false;

  /** @param isOn false where other output goes to the same terminal */
  constructor(context: CommandContext, isOn = true) {
    this.#context = context;
    const { options, stderr, env } = context;
    this.#isOn = isOn && stderr.isTTY && env.TERM !== 'dumb' && !options.flag('quiet');
  }

  show(progress: Omit<Progress, 'elapsedMs'>): void {
    if (!this.#isOn) return;
    const nowMs = monotonicMs();
    const elapsedMs = nowMs - this.#startMs;
    if (elapsedMs < QUIET_MS || nowMs - this.#drawnMs < EVERY_MS) return;
    this.#drawnMs = nowMs;
    this.#isDrawn = true;
    const { stderr } = this.#context;
    stderr.write(`\r\x1b[K${progressLine({ ...progress, elapsedMs }, stderr.columns)}`);
  }

  /** Takes the line away, before anything else is said. */
  clear(): void {
    if (this.#isDrawn) this.#context.stderr.write('\r\x1b[K');
    this.#isDrawn = false;
    this.#drawnMs = 0;
  }
}
