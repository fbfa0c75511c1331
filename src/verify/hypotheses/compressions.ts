import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib';
import { headerValue } from '../../core/headers.ts';
import type { RawRequest } from '../../core/types.ts';
import type { OtherBody } from './hypothesis.ts';

const HINT =
  'Verify the body in the form in which it was signed; Express inflates unless told otherwise: express.raw({ inflate: false }), a proxy may do so too.';

/** Above this many bytes it is not worth the time to compress. */
const MOST_COMPRESSED = 1_024 ** 2;

/** The body inflated, where it looks compressed, or compressed again, where it is said to be. */
export function* bodyCompressed(request: RawRequest, bytes: Buffer): Generator<OtherBody> {
  const named = (headerValue(request.headers, 'content-encoding') ?? '').trim().toLowerCase();
  for (const [coding, { begins, inflate, deflate }] of Object.entries(CODINGS)) {
    const isNamed = named === coding || named === `x-${coding}`;
    if (begins?.(bytes) ?? isNamed) {
      const body = attempt(() => inflate(bytes));
      if (body !== undefined) {
        yield {
          cause: 'body-compressed',
          body,
          detail: `The signature fits the body once it is inflated (${coding}): it was compressed after it was signed.`,
          hint: HINT,
        };
      }
    }
    if (isNamed && bytes.length <= MOST_COMPRESSED) {
      yield {
        cause: 'body-compressed',
        body: deflate(bytes),
        detail: `The signature fits the body compressed (${coding}): it was inflated before it was verified.`,
        hint: HINT,
      };
    }
  }
}

interface Coding {
  /** Tells by the first bytes; absent where nothing does. */
  readonly begins?: (bytes: Buffer) => boolean;
  readonly inflate: (bytes: Buffer) => Buffer;
  readonly deflate: (bytes: Buffer) => Buffer;
}

/** A few bytes can be inflated to fill the memory. */
const limit = { maxOutputLength: 10 * 1_024 ** 2 };

const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: {
    begins: (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b,
    inflate: (bytes) => gunzipSync(bytes, limit),
    deflate: (bytes) => gzipSync(bytes),
  },
  deflate: {
    // RFC 1950, section 2.2: the two bytes of the header are a multiple of 31.
    begins: (bytes) => bytes[0] === 0x78 && bytes.length > 1 && bytes.readUInt16BE(0) % 31 === 0,
    inflate: (bytes) => inflateSync(bytes, limit),
    deflate: (bytes) => deflateSync(bytes),
  },
  br: {
    inflate: (bytes) => brotliDecompressSync(bytes, limit),
    // The default quality takes a hundred times as long; few senders choose it for a live answer.
    deflate: (bytes) =>
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  },
};

/** Undefined for what is not compressed after all, or grows beyond its limit. */
function attempt(inflate: () => Buffer): Buffer | undefined {
  try {
    return inflate();
  } catch {
    return undefined;
  }
}
