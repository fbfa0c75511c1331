import { headerValue } from '../../core/headers.ts';
import { seededRandom } from '../../core/ids.ts';
import type { Provider, RawRequest, Scheme } from '../../core/types.ts';
import type { Encoding } from '../../schemes/digest.ts';

/** How a scheme writes its proof in a header. */
export interface ProofForm {
  /** What always stands in front of the digest; absent where that changes (a timestamp). */
  readonly prefix?: string;
  readonly encoding: Encoding;
  /** In characters; 0 where it differs from one to the next. */
  readonly length: number;
  readonly bytes: number;
  /** In words: `in hex behind "sha256="`. */
  readonly words: string;
}

const forms = new Map<Scheme, ProofForm | undefined>();

/** Found out by signing something of no meaning; undefined for a scheme that cannot be made to sign. */
export function proofForm(provider: Provider, scheme: Scheme): ProofForm | undefined {
  if (!forms.has(scheme)) forms.set(scheme, learn(provider, scheme));
  return forms.get(scheme);
}

function learn(provider: Provider, scheme: Scheme): ProofForm | undefined {
  const name = scheme.carriers[0]?.name;
  // A token has no form, and a key pair may take long to make.
  if (scheme.covers.startsWith('nothing') || provider.secret.pair !== undefined) return undefined;
  const [one, two] = [0, 1_000_000_000].map((ms) => sample(provider, scheme, new Date(ms)));
  if (name === undefined || one === undefined || two === undefined) return undefined;
  const [before, digest, after] = split(one);
  if (digest === '' || after !== '') return undefined;
  const prefix = before === split(two)[0] ? { prefix: before } : {};
  const encoding: Encoding = /^[0-9a-f]+$/.test(digest) ? 'hex' : 'base64';
  const length = encoding === 'hex' || HMAC_LENGTHS.has(digest.length) ? digest.length : 0;
  const behind = prefix.prefix ? ` behind "${prefix.prefix}"` : '';
  const bytes = Buffer.from(digest, encoding).length;
  return { ...prefix, encoding, length, bytes, words: `in ${encoding}${behind}` };
}

/** Of SHA-1, SHA-256 and SHA-512 (and Ed25519) in base64; what is signed with ECDSA varies. */
const HMAC_LENGTHS = new Set([28, 44, 88]);

/** Ends like a digest; a point parts the pieces of a JWS, which are another matter. */
const AT_END = /^(.*?)([A-Za-z0-9+/]{26,}={0,2})$/s;

function split(value: string): [before: string, digest: string, after: string] {
  const [, before = '', digest = ''] = value.includes('.') ? [] : (AT_END.exec(value) ?? []);
  return [before, digest, digest === '' ? value : ''];
}

function sample(provider: Provider, scheme: Scheme, at: Date): string | undefined {
  const proof = scheme.carriers[0];
  const random = seededRandom('the form of a proof');
  const secret = provider.secret.generate(random);
  if (proof?.in !== 'header' || scheme.secretFault(secret) !== undefined) return undefined;
  const request: RawRequest = {
    method: 'POST',
    url: 'https://example.com/',
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from('{}'),
  };
  try {
    const signed = scheme.sign(request, { secret, eventId: provider.eventId(random), at });
    return headerValue(signed.headers, proof.name);
  } catch {
    return undefined;
  }
}
