import { seededRandom } from '../../src/core/ids.ts';
import type { Handshake, HandshakeAnswer, Provider, RawRequest } from '../../src/core/types.ts';
import { attempt, openSingle } from '../../src/deliver/attempt.ts';
import { endpointOf, parseTarget } from '../../src/deliver/target.ts';
import { answerFault } from '../../src/handshakes/fault.ts';
import { signRequest } from '../../src/verify/sign.ts';

/** What a server built on an SDK answers to a request. */
export async function ask(origin: string, request: RawRequest): Promise<HandshakeAnswer> {
  const transport = await openSingle();
  try {
    const endpoint = endpointOf(parseTarget(origin), request.url);
    const { outcome } = await attempt(transport, request, endpoint, 10_000);
    if (outcome.kind === 'failed') throw new Error(outcome.message);
    const { status, headers, body } = outcome;
    return { status, headers, body: Buffer.from(body).toString() };
  } finally {
    await transport.close();
  }
}

/** The request with which the provider begins a handshake, signed where it signs it. */
export function challengeOf(
  provider: Provider,
  id: string,
  url: string,
  secret: string,
): RawRequest {
  const handshake = handshakeOf(provider, id);
  const at = new Date();
  const request = handshake.challenge(url, { random: seededRandom(id), at, secret });
  return handshake.isSigned ? signRequest(request, provider, { secret, eventId: '', at }) : request;
}

/** What is wrong with the answer, as the provider would see it. */
export function faultOf(
  provider: Provider,
  id: string,
  answer: HandshakeAnswer,
  challenge: RawRequest,
  secret: string,
): string | undefined {
  return answerFault(handshakeOf(provider, id), answer, challenge, [secret]);
}

function handshakeOf(provider: Provider, id: string): Handshake {
  const handshake = provider.handshakes?.find((one) => one.id === id);
  if (handshake === undefined) throw new Error(`${provider.id} has no handshake ${id}.`);
  return handshake;
}
