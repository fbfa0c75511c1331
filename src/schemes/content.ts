import { headerValue } from '../core/headers.ts';
import type { RawRequest } from '../core/types.ts';
import { publicUrl } from './public-url.ts';

/** A piece of what is signed, in the order in which the provider puts them together. */
export type Part =
  | 'body'
  | 'timestamp'
  | 'method'
  | 'url'
  | { readonly text: string }
  | { readonly header: string }
  /** The header that carries the event's id; it is written when signing, and must be there. */
  | { readonly eventId: string }
  /** The public URL, rewritten as the provider does before it signs. */
  | { readonly url: (publicUrl: string) => string };

/** The signed bytes, piece by piece. A header that is not there counts as empty. */
export function signedParts(
  parts: readonly Part[],
  request: RawRequest,
  {
    timestamp = '',
    publicUrl: given,
  }: { timestamp?: string | undefined; publicUrl?: string | undefined },
): (string | Uint8Array)[] {
  return parts.map((part) => {
    switch (part) {
      case 'body':
        return request.body;
      case 'timestamp':
        return timestamp;
      case 'method':
        return request.method;
      case 'url':
        return publicUrl(request, given);
      default:
        if ('text' in part) return part.text;
        if ('url' in part) return part.url(publicUrl(request, given));
        return headerValue(request.headers, headerOf(part)) ?? '';
    }
  });
}

const headerOf = (part: { readonly header: string } | { readonly eventId: string }): string =>
  'header' in part ? part.header : part.eventId;

/** The headers among the pieces that carry the event's id. */
export const eventIdHeaders = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) => (typeof part === 'object' && 'eventId' in part ? [part.eventId] : []));

/** Whether the public URL is among the pieces. */
export const signsUrl = (parts: readonly Part[]): boolean =>
  parts.some((part) => part === 'url' || (typeof part === 'object' && 'url' in part));

/** The pieces in words, for `hookcli providers <id>`. */
export function partsInWords(parts: readonly Part[]): string {
  const words = parts.map((part) => {
    if (part === 'url' || (typeof part === 'object' && 'url' in part)) return 'the public URL';
    if (typeof part === 'string') return `the ${part}`;
    return 'text' in part ? `"${part.text}"` : headerOf(part);
  });
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}

/** Why a proof does not match: for a header over these pieces, in words. */
export function misfit(header: string, parts: readonly Part[]): string {
  const pieces = parts.filter((part) => typeof part === 'string' || !('text' in part));
  if (pieces.length === 1 && pieces[0] === 'body') {
    return `The ${header} header was made with another secret or over another body.`;
  }
  return `The ${header} header does not fit ${partsInWords(pieces)}: it was made with another secret, or for another request.`;
}
