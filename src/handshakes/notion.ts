import { inJson } from '../core/place.ts';
import type { Handshake } from '../core/types.ts';
import { emptyAnswer } from './answer.ts';
import { challengeJson, jsonChallenge, textIn } from './challenge.ts';

const TOKEN = 'verification_token';

/**
 * The first request of a subscription brings the token that signs all others; it is to be kept, and
 * pasted into Notion. The client library of Notion says that the request is signed with that very
 * token; guides of third parties say it is not (2026-11).
 */
export const notionVerification: Handshake = {
  id: TOKEN,
  isSigned: true,
  handsOver: inJson(TOKEN),
  recognise(request) {
    const payload = challengeJson(request, TOKEN);
    return Boolean(textIn(payload, TOKEN)) && textIn(payload, 'type') === undefined;
  },
  answer: () => emptyAnswer(200),
  challenge: (url, { secret }) => jsonChallenge(url, { [TOKEN]: secret }, [['Accept', '*/*']]),
  fault: ({ status }) =>
    status >= 200 && status < 300 ? undefined : `It answered ${status}; expected is 2xx.`,
};
