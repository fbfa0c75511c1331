import type { Provider, Scheme } from '../../core/types.ts';
import { secretFault } from '../../providers/secret.ts';
import type { Case, Hypothesis } from './hypothesis.ts';

type Reading = Omit<Hypothesis, 'change'> & {
  /** The secret read in this way; undefined where there is no such reading. */
  readonly of: (secret: string) => string | undefined;
};

/** More than a rotation needs; each is read in a dozen ways. */
const MOST_SECRETS = 3;

/** Secrets that may have become those that were given. */
export function* secretHypotheses({ provider, scheme, options }: Case): Generator<Hypothesis> {
  const readings = [...COPIES, ...encodings(provider, isText(scheme))];
  for (const { of, ...explanation } of readings) {
    for (const secret of options.secrets.slice(0, MOST_SECRETS)) {
      const other = of(secret);
      if (other === undefined || other === secret || other === '') continue;
      if (secretFault(provider, other) !== undefined) continue;
      yield { ...explanation, change: { options: { secrets: [other] } } };
    }
  }
  if (isText(scheme)) yield* keyHypotheses(provider, options.secrets.slice(0, MOST_SECRETS));
}

const COPY_HINT = 'Correct it where the secret is kept: --secret, .env, the variable in CI.';
const SENDER_HINT =
  'Correct it where the sender keeps the secret: echo and some secret stores end a text with a line break.';

/** What happens to a secret while it is copied. */
const COPIES: readonly Reading[] = [
  {
    cause: 'secret-whitespace',
    detail: 'The signature fits the secret without the white space or line break around it.',
    hint: COPY_HINT,
    of: (secret) => secret.trim(),
  },
  {
    cause: 'secret-whitespace',
    detail: 'The signature fits the secret without the "\\n" written out at its end.',
    hint: COPY_HINT,
    of: (secret) => secret.replace(/(?:\\[rn]){1,4}$/, ''),
  },
  {
    cause: 'secret-quotes',
    detail: 'The signature fits the secret without the quotation marks around it.',
    hint: `${COPY_HINT} Docker's --env-file keeps quotation marks.`,
    of: (secret) => /^\s*(["'`\u201c\u2018])(.*)["'`\u201d\u2019]\s*$/s.exec(secret)?.[2],
  },
  {
    cause: 'secret-prefix',
    detail: 'The signature fits the secret without the NAME= in front of it.',
    hint: COPY_HINT,
    of: (secret) => /^(?:export\s+)?[A-Za-z]\w{2,}=(.+)$/s.exec(secret)?.[1],
  },
  {
    cause: 'secret-prefix',
    detail: 'The signature fits the secret without its prefix: the sender leaves it out.',
    hint: 'Give both sides the same text: whether the prefix belongs to the key differs from provider to provider.',
    of: (secret) => /^(?:whsec|secret|v1)[_,:-](.+)$/s.exec(secret)?.[1],
  },
  {
    cause: 'secret-prefix',
    detail: 'The signature fits the secret with whsec_ in front of it.',
    hint: 'Give the secret as the provider shows it, with its prefix.',
    of: (secret) => (secret.startsWith('whsec_') ? undefined : `whsec_${secret}`),
  },
  {
    cause: 'secret-url-encoded',
    detail: 'The signature fits the secret once its %XX are decoded: it was URL-encoded.',
    hint: COPY_HINT,
    of: (secret) => converted(decodeURIComponent, secret),
  },
  {
    cause: 'secret-whitespace',
    detail:
      "The signature fits the secret with a line break at its end: the sender's copy has one.",
    hint: SENDER_HINT,
    of: (secret) => `${secret}\n`,
  },
  {
    cause: 'secret-whitespace',
    detail:
      "The signature fits the secret with a line break at its end: the sender's copy has one.",
    hint: SENDER_HINT,
    of: (secret) => `${secret}\r\n`,
  },
  {
    cause: 'secret-quotes',
    detail: "The signature fits the secret with quotation marks: the sender's copy has them.",
    hint: 'Correct it where the sender keeps the secret.',
    of: (secret) => `"${secret}"`,
  },
  {
    cause: 'secret-url-encoded',
    detail: 'The signature fits the secret once it is URL-encoded: the sender encodes it.',
    hint: 'Correct it where the sender keeps the secret.',
    of: (secret) => converted(encodeURIComponent, secret),
  },
];

/** Undefined where a stray % or half a character makes it impossible. */
function converted(convert: (text: string) => string, secret: string): string | undefined {
  try {
    return convert(secret);
  } catch {
    return undefined;
  }
}

/** A sender that decodes where the provider does not, or the other way round. */
function encodings({ title }: Provider, isText: boolean): Reading[] {
  const bare = (secret: string) => secret.replace(/^whsec_/, '');
  const written = (encoding: 'base64' | 'hex', text: (secret: string) => string): Reading => ({
    cause: 'secret-encoding',
    detail: isText
      ? `The signature fits the secret written in ${encoding}: the sender encodes it first.`
      : 'The signature fits the text of the secret as it is: the sender does not decode it.',
    hint: `${keyInWords(title, isText)} Correct the sender.`,
    of: (secret) => Buffer.from(text(secret), 'utf8').toString(encoding),
  });
  const hexAsBytes: Reading = {
    cause: 'secret-encoding',
    detail: 'The signature fits the secret decoded from hex.',
    hint: `${keyInWords(title, isText)} Give it in that encoding.`,
    of: (secret) => (isHex(secret) ? Buffer.from(secret, 'hex').toString('base64') : undefined),
  };
  const whole = (secret: string) => secret;
  if (isText) return [written('base64', whole), written('hex', whole)];
  return [written('base64', whole), written('base64', bare), written('hex', whole), hexAsBytes];
}

const isHex = (text: string) => /^(?:[0-9a-f]{2})+$/i.test(text);

/** Whether the text of a secret is the key itself: then any text will do. */
const isText = ({ secretFault }: Scheme) => secretFault('*') === undefined;

const keyInWords = (title: string, isText: boolean) =>
  isText
    ? `For ${title} the text of the secret is the key; it is not decoded.`
    : `For ${title} the secret is decoded before it is the key.`;

function* keyHypotheses(provider: Provider, secrets: readonly string[]): Generator<Hypothesis> {
  const decodedFrom = (encoding: 'base64' | 'hex'): Hypothesis => ({
    cause: 'secret-encoding',
    detail: `The signature fits the secret decoded from ${encoding}: the sender decodes it.`,
    hint: `${keyInWords(provider.title, true)} Correct the sender.`,
    change: {
      options: { secrets, keyOf: (secret) => Buffer.from(secret.replace(/^whsec_/, ''), encoding) },
    },
  });
  if (secrets.some(isHex)) yield decodedFrom('hex');
  if (secrets.some((secret) => /^(?:whsec_)?[A-Za-z0-9+/_-]+={0,2}$/.test(secret))) {
    yield decodedFrom('base64');
  }
}
