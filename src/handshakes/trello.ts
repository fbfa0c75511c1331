import type { Handshake } from '../core/types.ts';
import { emptyAnswer } from './answer.ts';
import { statusFault } from './fault.ts';

/**
 * Trello asks by HEAD whether the URL is there before it makes a webhook of it.
 * https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/ (2026-11)
 */
export const trelloHead: Handshake = {
  id: 'head',
  isSigned: false,
  recognise: ({ method }) => method === 'HEAD',
  answer: () => emptyAnswer(200),
  challenge: (url) => ({
    method: 'HEAD',
    url,
    headers: [
      ['Host', new URL(url).host],
      ['Accept', '*/*'],
    ],
    body: Buffer.alloc(0),
  }),
  fault: (given) => statusFault(given, 200),
};
