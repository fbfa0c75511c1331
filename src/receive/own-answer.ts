import { timerMs } from '../core/clock.ts';
import type { RawRequest } from '../core/types.ts';
import { type Answer, plainAnswer } from './answer.ts';

/** How the receiver answers whatever came, to see what the sender makes of it. */
export interface OwnAnswer {
  /** Instead of the answer there would be. */
  readonly status?: number | undefined;
  /** How much later than there would be one, in milliseconds. */
  readonly delayMs?: number | undefined;
}

type Handle = (request: RawRequest) => Promise<Answer>;

/** Handles requests as before, but answers as told. */
export function withOwnAnswer(handle: Handle, { status, delayMs = 0 }: OwnAnswer): Handle {
  if (status === undefined && delayMs === 0) return handle;
  return async (request) => {
    const answer = await handle(request);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, timerMs(delayMs)));
    return status === undefined ? answer : plainAnswer(status, `Answered ${status} by --respond.`);
  };
}
