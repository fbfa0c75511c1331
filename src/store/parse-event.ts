import { capturedId } from '../core/ids.ts';
import type { CapturedEvent, RawRequest } from '../core/types.ts';
import {
  bodyOf,
  eventOf,
  headersOf,
  instant,
  isEventId,
  objectOf,
  refuse,
  text,
} from './members.ts';

// RFC 9110 section 5.6.2: what a method or a header name may consist of.
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const REQUEST_TARGET = /^[\x21-\x7e\x80-\xff]+$/;

/**
 * The event in a line from outside: what `--json` writes, or just method, url, headers and body.
 * What could not have been on the wire (a line break in a header, a letter that is no byte) is
 * refused; a reference to a file is never followed.
 *
 * @param now the time of an event that has none
 * @throws HookcliError `bad-event`, naming the member that is wrong
 */
export function parseEventJson(value: unknown, now: Date): CapturedEvent {
  const members = objectOf(value);
  const request: RawRequest = {
    method: text(members, 'method'),
    url: text(members, 'url'),
    headers: headersOf(members.headers),
    body: bodyOf(members),
  };
  if (!TOKEN.test(request.method)) refuse('method', 'an HTTP method', request.method);
  if (!REQUEST_TARGET.test(request.url)) refuse('url', 'a path or a URL', request.url);
  for (const [name, content] of request.headers) {
    if (!TOKEN.test(name)) refuse('headers', 'named as HTTP allows', name);
    if (!HEADER_VALUE.test(content))
      refuse('headers', 'one line of single-byte text each', content);
  }
  const at = members.at === undefined ? now : instant(members, 'at');
  const id = members.id === undefined ? capturedId(at) : text(members, 'id');
  if (!isEventId(id)) refuse('id', 'an id as hookcli makes them', id);
  return eventOf({ ...members, id, at: at.toISOString() }, request);
}
