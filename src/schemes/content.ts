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
  | { readonly header: string };

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
        return 'text' in part ? part.text : (headerValue(request.headers, part.header) ?? '');
    }
  });
}

/** The pieces in words, for `hookcli providers <id>`. */
export function partsInWords(parts: readonly Part[]): string {
  const words = parts.map((part) => {
    if (typeof part !== 'string') return 'text' in part ? `"${part.text}"` : part.header;
    return part === 'url' ? 'the public URL' : `the ${part}`;
  });
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}
