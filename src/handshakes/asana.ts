import { headerValue } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { Handshake } from '../core/types.ts';
import { emptyAnswer } from './answer.ts';
import { echoFault, statusFault } from './fault.ts';

const SECRET = 'X-Hook-Secret';

/**
 * The first request of a webhook brings the secret that signs all others; it is to be kept, and given
 * back in the same header. https://developers.asana.com/docs/webhooks-guide (2026-11)
 */
export const asanaHandshake: Handshake = {
  id: 'x-hook-secret',
  isSigned: false,
  handsOver: inHeader(SECRET),
  recognise: ({ method, headers }) => method === 'POST' && Boolean(headerValue(headers, SECRET)),
  answer: ({ headers }) => emptyAnswer(200, [[SECRET, headerValue(headers, SECRET) ?? '']]),
  challenge: (url, { secret }) => ({
    method: 'POST',
    url,
    headers: [
      ['Host', new URL(url).host],
      ['Accept', '*/*'],
      [SECRET, secret],
    ],
    body: Buffer.alloc(0),
  }),
  fault: (given, request) => statusFault(given, 200, 204) ?? echoFault(given, request, SECRET),
};
