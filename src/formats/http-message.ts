import type { Header, RawRequest } from '../core/types.ts';
import { requestPath } from '../deliver/target.ts';

/**
 * The bytes of a request as HTTP/1.1. A body that came in chunks was put together, so it gets a
 * length instead; what is not framing stays as it was, in its order.
 */
export function httpMessage({ url, headers, body, ...request }: RawRequest): Buffer {
  const method = request.method.replace(/\s/g, '');
  const lines = [
    `${method} ${requestPath(url).replace(/[\0-\x20\x7f]/g, '')} HTTP/1.1`,
    ...framed(withHost(headers, url), method, body.length).map(
      ([name, value]) => `${name}: ${value.replace(/[\r\n\0]+/g, ' ')}`,
    ),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return Buffer.concat([head, body]);
}

function withHost(headers: readonly Header[], url: string): readonly Header[] {
  const host = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(url)?.[1];
  const isThere = headers.some(([name]) => name.toLowerCase() === 'host');
  return isThere || host === undefined ? headers : [['Host', host], ...headers];
}

const TAKES_BODY = new Set(['POST', 'PUT', 'PATCH']);

function framed(headers: readonly Header[], method: string, length: number): Header[] {
  const isLength = ([name]: Header) => name.toLowerCase() === 'content-length';
  let isTold = false;
  const kept = headers.flatMap((header): Header[] => {
    const [name] = header;
    const isFraming = isLength(header) || name.toLowerCase() === 'transfer-encoding';
    if (!isFraming) return [header];
    if (isTold) return [];
    isTold = true;
    return [[isLength(header) ? name : 'Content-Length', String(length)]];
  });
  const needsLength = length > 0 || TAKES_BODY.has(method.toUpperCase());
  return isTold || !needsLength ? kept : [...kept, ['Content-Length', String(length)]];
}
