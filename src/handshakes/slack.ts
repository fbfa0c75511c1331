import { alphanumeric } from '../core/ids.ts';
import type { Handshake, HandshakeAnswer } from '../core/types.ts';
import { textAnswer } from './answer.ts';
import { challengeJson, jsonChallenge, textIn } from './challenge.ts';
import { statusFault, textFault } from './fault.ts';

const TYPE = 'url_verification';

/**
 * Slack asks for its challenge back when a Request URL is saved: as plain text, in a form or in JSON.
 * https://docs.slack.dev/reference/events/url_verification (2026-11)
 */
export const slackUrlVerification: Handshake = {
  id: TYPE,
  isSigned: true,
  recognise(request) {
    const payload = challengeJson(request, TYPE);
    return textIn(payload, 'type') === TYPE && textIn(payload, 'challenge') !== undefined;
  },
  answer: (request) => textAnswer(textIn(challengeJson(request, TYPE), 'challenge') ?? ''),
  challenge: (url, { random }) =>
    jsonChallenge(
      url,
      { token: alphanumeric(24, random), challenge: alphanumeric(52, random), type: TYPE },
      [['Accept', '*/*']],
    ),
  fault(given, request) {
    const challenge = textIn(challengeJson(request, TYPE), 'challenge') ?? '';
    return statusFault(given, 200) ?? textFault({ ...given, body: challengeOf(given) }, challenge);
  },
};

function challengeOf({ body }: HandshakeAnswer): string {
  try {
    return textIn(JSON.parse(body), 'challenge') ?? body;
  } catch {
    return new URLSearchParams(body).get('challenge') ?? body;
  }
}
