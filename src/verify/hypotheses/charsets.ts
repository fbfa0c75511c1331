import { isAscii, isUtf8 } from 'node:buffer';
import type { OtherBody } from './hypothesis.ts';

/** Bodies whose bytes were read in one charset and written in another. */
export function* bodyInOtherCharset(bytes: Buffer): Generator<OtherBody> {
  if (isAscii(bytes)) return;
  const misread = (body: Uint8Array, charset: string): OtherBody => ({
    cause: 'body-charset',
    body,
    detail: `The signature fits the body before its UTF-8 was read as ${charset}: text beyond ASCII was garbled on the way.`,
  });
  if (!isUtf8(bytes)) {
    yield {
      cause: 'body-charset',
      body: Buffer.from(bytes.toString('latin1'), 'utf8'),
      detail: 'The signature fits the body in UTF-8; it came in Latin-1.',
    };
    return;
  }
  const text = bytes.toString('utf8');
  yield misread(Buffer.from(text, 'latin1'), 'Latin-1');
  yield misread(bytesOf1252(text), 'Windows-1252');
  yield {
    cause: 'body-charset',
    body: Buffer.from(text, 'latin1'),
    detail: 'The signature fits the body in Latin-1; it came in UTF-8.',
  };
}

/** Windows-1252 is Latin-1 but for 0x80 to 0x9F; the five bytes it leaves free stand for themselves. */
function bytesOf1252(text: string): Buffer {
  const special = new Map(
    [
      ...new TextDecoder('windows-1252').decode(
        Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at),
      ),
    ].map((letter, at) => [letter, String.fromCharCode(0x80 + at)]),
  );
  return Buffer.from(
    text.replace(/[\u0100-\uffff]/g, (letter) => special.get(letter) ?? letter),
    'latin1',
  );
}
