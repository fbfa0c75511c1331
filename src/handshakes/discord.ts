import { alphanumeric, digits } from '../core/ids.ts';
import type { Handshake, Random } from '../core/types.ts';
import { emptyAnswer, jsonAnswer } from './answer.ts';
import { challengeJson, jsonChallenge } from './challenge.ts';
import { membersFault, statusFault, textFault, typeFault } from './fault.ts';

const snowflake = (random: Random): string => `${digits(9, random)}${digits(9, random)}`;

const HEADERS = [['Accept', '*/*']] as const;

/**
 * The PING of an interactions endpoint, answered by a PONG. Discord also sends it falsely signed, when
 * the URL is saved and from time to time, and removes an endpoint that does not answer 401.
 * https://docs.discord.com/developers/interactions/overview (2026-11)
 */
export const discordPing: Handshake = {
  id: 'ping',
  isSigned: true,
  refusal: 401,
  recognise(request) {
    const payload = challengeJson(request, '"type"');
    // Type 1 is also what events carry, but those have an event inside.
    return payload?.type === 1 && payload.event === undefined && payload.data === undefined;
  },
  answer: () => jsonAnswer({ type: 1 }),
  challenge: (url, { random }) =>
    jsonChallenge(
      url,
      {
        id: snowflake(random),
        application_id: snowflake(random),
        type: 1,
        token: alphanumeric(64, random),
        version: 1,
      },
      HEADERS,
    ),
  fault: (given) =>
    statusFault(given, 200) ??
    membersFault(given, { type: 1 }) ??
    typeFault(given, 'application/json'),
};

/**
 * The PING of a Webhook Events URL: 204 and no body. The page also asks for a Content-Type, but
 * Discord's own middleware sends none (discord-interactions 4.4, 2026-11), so that is no fault.
 * https://docs.discord.com/developers/events/webhook-events (2026-11)
 */
export const discordWebhookPing: Handshake = {
  id: 'webhook_ping',
  isSigned: true,
  refusal: 401,
  recognise: (request) => challengeJson(request, '"type"')?.type === 0,
  answer: () => emptyAnswer(204, [['Content-Type', 'application/json']]),
  challenge: (url, { random }) =>
    jsonChallenge(url, { version: 1, application_id: snowflake(random), type: 0 }, HEADERS),
  fault: (given) => statusFault(given, 204) ?? textFault(given, ''),
};
