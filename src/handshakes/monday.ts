import { alphanumeric } from '../core/ids.ts';
import type { Handshake, RawRequest } from '../core/types.ts';
import { jsonAnswer } from './answer.ts';
import { challengeJson, jsonChallenge, textIn } from './challenge.ts';
import { membersFault, statusFault } from './fault.ts';

/** A challenge stands alone; an event of a board may well have a column of that name. */
function challengeOf(request: RawRequest): string | undefined {
  const payload = challengeJson(request, '"challenge"');
  return Object.keys(payload ?? {}).length === 1 ? textIn(payload, 'challenge') : undefined;
}

/**
 * JSON with a challenge that is to be given back as the same JSON.
 * https://developer.monday.com/apps/docs/webhooks (2026-11)
 */
export const mondayChallenge: Handshake = {
  id: 'challenge',
  isSigned: false,
  recognise: (request) => challengeOf(request) !== undefined,
  answer: (request) => jsonAnswer({ challenge: challengeOf(request) }),
  challenge: (url, { random }) =>
    jsonChallenge(url, { challenge: alphanumeric(52, random) }, [['Accept', '*/*']]),
  fault: (given, request) =>
    statusFault(given, 200) ?? membersFault(given, { challenge: challengeOf(request) }),
};
