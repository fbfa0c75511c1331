import { headerValue } from '../core/headers.ts';
import { mediaType } from '../core/place.ts';
import type { Handshake, HandshakeAnswer, RawRequest } from '../core/types.ts';

/** What is wrong with the status of an answer, or undefined. */
export function statusFault(given: HandshakeAnswer, ...expected: number[]): string | undefined {
  if (expected.includes(given.status)) return undefined;
  return `It answered ${given.status}; expected is ${expected.join(' or ')}.`;
}

/** What is wrong with the body of an answer that must be just this text, or undefined. */
export function textFault(given: HandshakeAnswer, expected: string): string | undefined {
  if (given.body === expected) return undefined;
  if (expected === '') return `It answered with the body ${quoted(given.body)}; expected is none.`;
  const why = given.body.trim() === expected ? ', without white space around it' : '';
  return `It answered with the body ${quoted(given.body)}; expected is ${quoted(expected)}${why}.`;
}

/** What is wrong with the body of an answer that must be JSON with these members, or undefined. */
export function membersFault(
  given: HandshakeAnswer,
  expected: Readonly<Record<string, unknown>>,
): string | undefined {
  let payload: unknown;
  try {
    payload = JSON.parse(given.body);
  } catch {
    return `It answered with the body ${quoted(given.body)}; expected is the JSON ${JSON.stringify(expected)}.`;
  }
  for (const [name, value] of Object.entries(expected)) {
    const found = (payload as Readonly<Record<string, unknown>> | null)?.[name];
    if (found === value) continue;
    const is = found === undefined ? `without "${name}"` : `with "${name}": ${quoted(found)}`;
    return `It answered ${is}; expected is ${JSON.stringify(value)}.`;
  }
  return undefined;
}

/** What is wrong with the media type of an answer, or undefined. */
export function typeFault(given: HandshakeAnswer, expected: string): string | undefined {
  const type = mediaType({ method: '', url: '', headers: given.headers, body: Buffer.alloc(0) });
  if (type === expected) return undefined;
  const is = type === '' ? 'without a Content-Type' : `with the Content-Type ${quoted(type)}`;
  return `It answered ${is}; expected is ${expected}.`;
}

/** What is wrong with an answer that must give a header back, or undefined; it may be a secret. */
export function echoFault(
  given: HandshakeAnswer,
  request: RawRequest,
  name: string,
): string | undefined {
  const value = headerValue(given.headers, name);
  if (value === headerValue(request.headers, name)) return undefined;
  const is = value === undefined ? `without the header ${name}` : `with another ${name}`;
  return `It answered ${is}; expected is the one it was sent.`;
}

const quoted = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
};

/**
 * What is wrong with a receiver's answer to a challenge, or undefined. Where the handshake does not
 * judge for itself, status and body must be those of a good receiver.
 */
export function answerFault(
  handshake: Handshake,
  given: HandshakeAnswer,
  request: RawRequest,
  secrets: readonly string[],
): string | undefined {
  if (handshake.fault !== undefined) return handshake.fault(given, request, secrets);
  const expected = handshake.answer(request, secrets);
  return statusFault(given, expected.status) ?? textFault(given, expected.body);
}
