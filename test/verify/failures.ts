import { createHmac } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { headerValue, headerValues, withHeader, withoutHeader } from '../../src/core/headers.ts';
import { seededRandom } from '../../src/core/ids.ts';
import type { Provider, RawRequest, Scheme, Verdict } from '../../src/core/types.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import { getProvider, providers } from '../../src/providers/index.ts';
import { secretFault } from '../../src/providers/secret.ts';
import type { Cause, ExplainOptions } from '../../src/verify/explain.ts';
import { schemeFor, signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { changeHeader, composed, flipByte, later, NOON } from '../helpers/requests.ts';

/** A rejected request of which it is known what is wrong with it. */
export interface Failure {
  readonly name: string;
  readonly provider: Provider;
  readonly request: RawRequest;
  readonly options: ExplainOptions;
  /** Undefined where nobody could tell. */
  readonly cause: Cause | undefined;
}

/** A genuine request of a provider, from which the failures are made. */
interface Genuine {
  readonly provider: Provider;
  readonly scheme: Scheme;
  readonly secret: string;
  readonly wrong: string;
  /** Complete but for the signature. */
  readonly bare: RawRequest;
  readonly eventId: string;
  readonly signed: RawRequest;
}

function genuine(provider: Provider): Genuine {
  const random = seededRandom(`failures of ${provider.id}`);
  const [secret, wrong] = [provider.secret.generate(random), provider.secret.generate(random)];
  const event = listFixtures(provider.id)[0]?.event as string;
  const { eventId, ...bare } = composed(provider, event);
  return {
    provider,
    scheme: schemeFor(provider, secret, bare),
    secret,
    wrong,
    bare,
    eventId,
    signed: signRequest(bare, provider, { secret, eventId, at: NOON }),
  };
}

type Wrong = readonly [
  cause: Cause | undefined,
  what: string,
  request: RawRequest,
  options?: Partial<ExplainOptions>,
];

/** Everything that can go wrong with the requests of a provider. */
function failuresOf(provider: Provider): Failure[] {
  const it = genuine(provider);
  const wrongs = [
    ...secrets(it),
    ...others(it),
    ...bodies(it),
    ...headers(it),
    ...times(it),
    ...urls(it),
    ...beyond(it),
  ];
  return wrongs
    .filter(([, , , options]) =>
      (options?.secrets ?? []).every((one) => secretFault(provider, one) === undefined),
    )
    .map(([cause, what, request, options]) => ({
      name: `${provider.id}: ${what}`,
      provider,
      request,
      options: { secrets: [it.secret], at: NOON, ...options },
      cause,
    }));
}

export interface RejectedFailure extends Failure {
  readonly verdict: Extract<Verdict, { status: 'rejected' }>;
}

/** Those that the provider does reject; it may bear some (upper-case hex, a second token). */
export const rejectedOf = (provider: Provider) => judged(failuresOf(provider));

async function judged(failures: readonly Failure[]): Promise<RejectedFailure[]> {
  const rejected: RejectedFailure[] = [];
  for (const failure of failures) {
    const verdict = await verifyRequest(failure.request, failure.provider, failure.options);
    if (verdict.status === 'rejected') rejected.push({ ...failure, verdict });
  }
  return rejected;
}

const signedWith = ({ provider, bare, eventId }: Genuine, secret: string, at = NOON) =>
  signRequest(bare, provider, { secret, eventId, at });

const isText = ({ scheme }: Genuine) => scheme.secretFault('*') === undefined;

function* secrets(it: Genuine): Generator<Wrong> {
  const { signed, secret, provider } = it;
  yield ['secret-whitespace', 'secret with a line break', signed, { secrets: [`${secret}\n`] }];
  yield ['secret-whitespace', 'secret with spaces', signed, { secrets: [` ${secret} `] }];
  yield ['secret-quotes', 'secret in quotation marks', signed, { secrets: [`"${secret}"`] }];
  yield ['secret-quotes', 'secret in apostrophes', signed, { secrets: [`'${secret}'`] }];
  const [name] = provider.secret.env;
  yield ['secret-prefix', 'secret with its name', signed, { secrets: [`${name}=${secret}`] }];
  if (!isText(it)) return;
  yield ['secret-whitespace', 'secret with \\n', signed, { secrets: [`${secret}\\n`] }];
  yield [
    'api-key',
    'an API key as the secret',
    signed,
    { secrets: ['sk_test_4eC39HqLyjWDarjtT1zdp7dc'] },
  ];
  const special = 'p+q/r s=&t%u';
  const sent: readonly (readonly [Cause, string, sent: string, given: string])[] = [
    ['secret-url-encoded', 'secret URL-encoded', special, encodeURIComponent(special)],
    ['secret-whitespace', 'secret of the sender with a line break', `${secret}\n`, secret],
    [
      'secret-encoding',
      'secret of the sender in base64',
      Buffer.from(secret).toString('base64'),
      secret,
    ],
    ['secret-prefix', 'whsec_ left out', 'whsec_abcdefgh', 'abcdefgh'],
    ['secret-prefix', 'whsec_ left out by the sender', 'abcdefgh', 'whsec_abcdefgh'],
  ];
  for (const [cause, what, key, given] of sent) {
    const byKey = canSign(it, key) && signedWith(it, key);
    if (byKey) yield [cause, what, byKey, { secrets: [given] }];
  }
}

/** Whether a secret signs; only what can verify, or half of what it takes, does not. */
function canSign(it: Genuine, secret: string): boolean {
  try {
    signedWith(it, secret);
    return true;
  } catch {
    return false;
  }
}

function* others(it: Genuine): Generator<Wrong> {
  const { signed, secret, wrong, provider } = it;
  const secrets = [wrong];
  yield [
    'other-endpoint-secret',
    'the secret of another endpoint',
    signed,
    { secrets, others: [{ provider, secrets: [secret] }] },
  ];
  const another = providers.find((one) => one.id !== provider.id) as Provider;
  yield [
    'other-provider-secret',
    "another provider's secret",
    signed,
    { secrets, others: [{ provider: another, secrets: [secret] }] },
  ];
  const foreign = genuine(another);
  yield [
    'other-provider',
    `sent by ${another.id}`,
    foreign.signed,
    { others: [{ provider: another, secrets: [foreign.secret] }] },
  ];
  yield ['other-provider', `sent by ${another.id} with an unknown secret`, foreign.signed];
}

function* bodies(it: Genuine): Generator<Wrong> {
  const { provider, scheme, bare, eventId, secret } = it;
  if (scheme.bodyUnsigned || scheme.carriers.some((carrier) => carrier.in !== 'header')) return;
  if (!/^[{[]/.test(Buffer.from(bare.body).toString())) return;
  const payload = JSON.parse(Buffer.from(bare.body).toString());
  const payloads = {
    title: 'Crème brûlée 🍮 for “two”',
    path: 'a/b',
    price: 1,
    list: [],
    of: { it: payload },
  };
  const compact = JSON.stringify(payloads);
  const pretty = JSON.stringify(payloads, null, 2);
  const python = compact.replace(
    /[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const php = python.replaceAll('/', '\\/');
  const changed = (
    signed: string | Uint8Array,
    body: string | Uint8Array,
    headers = bare.headers,
  ): RawRequest => ({
    ...signRequest({ ...bare, headers, body: Buffer.from(signed) }, provider, {
      secret,
      eventId,
      at: NOON,
    }),
    body: Buffer.from(body),
  });
  const encoded = (coding: string) => withHeader(bare.headers, 'Content-Encoding', coding);

  yield ['body-reserialised', 'compact body indented', changed(compact, pretty)];
  yield ['body-reserialised', 'indented body made compact', changed(pretty, compact)];
  yield [
    'body-reserialised',
    'compact body indented by four',
    changed(compact, JSON.stringify(payloads, null, 4)),
  ];
  yield ['body-reserialised', 'body by PHP made literal', changed(php, compact)];
  yield ['body-reserialised', 'body by Python made literal', changed(python, pretty)];
  yield ['body-reserialised', 'literal body escaped', changed(compact, php)];
  yield [
    'body-reserialised',
    'spaced body made compact',
    changed('{"a": 1, "b": [1, 2], "c": {}}', '{"a":1,"b":[1,2],"c":{}}'),
  ];
  yield ['body-newline', 'line break added', changed(compact, `${compact}\n`)];
  yield ['body-newline', 'line break of Windows added', changed(compact, `${compact}\r\n`)];
  yield ['body-newline', 'line break lost', changed(`${compact}\n`, compact)];
  yield ['body-newline', 'line break of Windows lost', changed(`${pretty}\r\n`, pretty)];
  yield ['body-line-endings', 'LF made CRLF', changed(pretty, pretty.replaceAll('\n', '\r\n'))];
  yield ['body-line-endings', 'CRLF made LF', changed(pretty.replaceAll('\n', '\r\n'), pretty)];
  yield ['body-byte-order-mark', 'byte order mark added', changed(compact, `\ufeff${compact}`)];
  yield ['body-byte-order-mark', 'byte order mark lost', changed(`\ufeff${compact}`, compact)];
  yield ['body-whitespace', 'spaces around', changed(compact, `  ${compact} `)];
  yield [
    'body-charset',
    'read as Latin-1',
    changed(compact, Buffer.from(compact).toString('latin1')),
  ];
  yield [
    'body-charset',
    'read as Windows-1252',
    changed(compact, new TextDecoder('windows-1252').decode(Buffer.from(compact))),
  ];
  yield [
    'body-charset',
    'written as Latin-1',
    changed('{"a":"Crème"}', Buffer.from('{"a":"Crème"}', 'latin1')),
  ];
  yield ['body-compressed', 'gzip', changed(compact, gzipSync(compact))];
  yield ['body-compressed', 'deflate', changed(compact, deflateSync(compact))];
  yield ['body-compressed', 'brotli', changed(compact, brotliCompressSync(compact), encoded('br'))];
  yield ['body-compressed', 'inflated', changed(gzipSync(compact), compact, encoded('gzip'))];
  yield ['body-wrapped', 'in base64', changed(compact, Buffer.from(compact).toString('base64'))];
  yield ['body-wrapped', 'as a JSON text', changed(compact, JSON.stringify(compact))];
  yield [
    'body-wrapped',
    'as a Buffer in JSON',
    changed(compact, JSON.stringify(Buffer.from(compact))),
  ];
  yield [
    'body-wrapped',
    'as a Lambda event',
    changed(compact, JSON.stringify({ body: compact, isBase64Encoded: false })),
  ];
  yield ['body-empty', 'empty', changed(compact, '')];
  yield ['body-parsed', 'an object as a string', changed(compact, '[object Object]')];
  yield [undefined, 'one byte changed', flipByte(changed(compact, compact), 12)];
  yield [undefined, 'a field added', changed(compact, compact.replace('{', '{"more":1,'))];
  yield [undefined, 'cut short', changed(compact, compact.slice(0, -9))];
}

/** The proof in the last run of digest characters of its header. */
const DIGEST = /^(.*?)([A-Za-z0-9+/]{26,}=*)$/s;

function* headers(it: Genuine): Generator<Wrong> {
  const { provider, scheme, signed } = it;
  const name = scheme.carriers[0]?.name as string;
  if (scheme.carriers[0]?.in !== 'header') return;
  const legacy = provider.schemes
    .filter((one) => one.legacy)
    .map(({ carriers }) => carriers[0]?.name as string);
  const strict = legacy.reduce((one, header) => changeHeader(one, header, () => undefined), signed);
  const value = headerValue(signed.headers, name) as string;
  const written = (other: string): RawRequest => ({
    ...strict,
    headers: withHeader(strict.headers, name, other),
  });

  const missing = { ...strict, headers: withoutHeader(strict.headers, name) };
  yield ['header-missing', 'proof missing', missing];
  const cgi = `HTTP_${name.toUpperCase().replaceAll('-', '_')}`;
  yield [
    'header-renamed',
    'proof under the name of CGI',
    { ...missing, headers: [...missing.headers, [cgi, value]] },
  ];
  const low = name.toLowerCase().replaceAll('-', '_');
  if (name.includes('-')) {
    yield [
      'header-renamed',
      'proof with underscores',
      { ...missing, headers: [...missing.headers, [low, value]] },
    ];
  }
  yield [
    'header-doubled',
    'proof there twice',
    { ...strict, headers: [...strict.headers, [name, value]] },
  ];
  yield [
    'header-doubled',
    'proof there with another',
    { ...strict, headers: [[name, value.replace(/[0-9a-f]/g, 'a')], ...strict.headers] },
  ];
  yield ['header-doubled', 'proof joined with itself', written(`${value}, ${value}`)];
  yield ['header-empty', 'proof empty', written('')];
  if (scheme.covers.startsWith('nothing')) {
    // A token is the secret itself: whose copy has the quotation marks can be told only where they
    // cannot be part of one.
    const cause = scheme.secretFault(`"${value}"`) ? 'header-format' : 'secret-quotes';
    yield [cause, 'token in quotation marks', written(`"${value}"`)];
    yield ['header-prefix', 'Bearer in front', written(`Bearer ${value}`)];
    return;
  }
  yield ['header-format', 'proof in quotation marks', written(`"${value}"`)];
  const [, before = '', digest = ''] = value.includes('.') ? [] : (DIGEST.exec(value) ?? []);
  const isHex = /^[0-9a-f]+$/.test(digest);
  const bytes = Buffer.from(digest, isHex ? 'hex' : 'base64');
  if (![20, 32, 64].includes(bytes.length)) return;
  yield [
    'header-truncated',
    'digest cut in half',
    written(before + digest.slice(0, digest.length / 2)),
  ];
  yield [
    'header-encoding',
    'digest in another encoding',
    written(before + bytes.toString(isHex ? 'base64' : 'hex')),
  ];
  if (bytes.length === 32) {
    const short = Buffer.alloc(20, 'sha1').toString(isHex ? 'hex' : 'base64');
    yield ['header-algorithm', 'digest of SHA-1 for SHA-256', written(before + short)];
  }
  if (isHex) yield ['header-case', 'digest in upper case', written(before + digest.toUpperCase())];
  else
    yield [
      'header-encoding',
      'digest in URL-safe base64',
      written(before + bytes.toString('base64url')),
    ];
  if (/^\D*\d*\W$/.test(before) && !before.includes('t=')) {
    yield ['header-prefix', 'prefix left out', written(digest)];
    yield ['header-prefix', 'prefix in upper case', written(before.toUpperCase() + digest)];
  } else if (before === '') {
    yield ['header-prefix', 'prefix added', written(`sha256=${digest}`)];
  }
}

function* times(it: Genuine): Generator<Wrong> {
  const { scheme, secret, signed } = it;
  const { toleranceMs } = scheme;
  if (toleranceMs === undefined) return;
  yield ['stale', 'too old', signed, { at: later(NOON, toleranceMs + 60_000) }];
  yield ['early', 'too new', signed, { at: later(NOON, -toleranceMs - 60_000) }];
  if (scheme.secretFault('*') === undefined) {
    const old = { secrets: [`${secret}\n`], at: later(NOON, toleranceMs + 60_000) };
    yield ['secret-whitespace', 'secret with a line break, and old', signed, old];
  }
  const carrier = scheme.carriers.find(
    ({ in: where, name }) => where === 'header' && /time/i.test(name),
  );
  const [header, pattern] =
    carrier === undefined
      ? [scheme.carriers[0]?.name as string, /(?<=\b(?:t|ts|time)=)\d+/]
      : [carrier.name, /.+/s];
  const text = pattern.exec(headerValue(signed.headers, header) ?? '')?.[0];
  if (text === undefined || headerValues(signed.headers, header).length !== 1) return;
  const put = (other: string) =>
    changeHeader(signed, header, (value) => value.replace(pattern, other));
  if (/^\d{10}$/.test(text)) {
    yield ['timestamp-unit', 'milliseconds for seconds', put(`${text}000`)];
    yield ['timestamp-format', 'a date for seconds', put(NOON.toISOString())];
  } else if (/^\d{13}$/.test(text)) {
    yield ['timestamp-format', 'a date for milliseconds', put(NOON.toISOString())];
  } else {
    yield ['timestamp-format', 'a number for a date', put(String(NOON.getTime() / 1_000))];
  }
}

function* urls(it: Genuine): Generator<Wrong> {
  const { provider, scheme, bare, eventId, secret } = it;
  if (!scheme.coversUrl) return;
  const at = (publicUrl: string, url: string, more: RawRequest['headers'] = []): RawRequest => ({
    ...signRequest({ ...bare, headers: [...bare.headers, ...more] }, provider, {
      secret,
      eventId,
      at: NOON,
      publicUrl,
    }),
    url,
  });
  const known = 'https://hooks.example.com/in';
  yield [
    'url-scheme',
    'http for https',
    at(known, '/in'),
    { publicUrl: 'http://hooks.example.com/in' },
  ];
  yield [
    'url-scheme',
    'https for http',
    at('http://hooks.example.com/in', '/in'),
    { publicUrl: known },
  ];
  yield [
    'url-port',
    'a port',
    at(known, '/in'),
    { publicUrl: 'https://hooks.example.com:8443/in' },
  ];
  yield ['url-path', 'a slash at the end', at(known, '/in/'), { publicUrl: `${known}/` }];
  yield ['url-path', 'no slash at the end', at(`${known}/`, '/in'), { publicUrl: known }];
  yield ['url-query', 'the query lost', at(known, '/in?b=2'), { publicUrl: `${known}?b=2` }];
  yield [
    'url-query',
    'the query in another order',
    at(`${known}?a=1&b=2`, '/in?b=2&a=1'),
    { publicUrl: `${known}?b=2&a=1` },
  ];
  yield [
    'url-host',
    'the host of the proxy',
    at(known, '/in', [['X-Original-Host', 'hooks.example.com']]),
  ];
  yield [
    'url-path',
    'the path of the proxy',
    at(known, '/out', [['X-Original-URL', '/in']]),
    { publicUrl: 'https://hooks.example.com/out' },
  ];
}

/** Beyond explaining: only that it is wrong can be told. */
function* beyond({ signed, wrong, scheme }: Genuine): Generator<Wrong> {
  yield [undefined, 'made with a secret that nobody has', signed, { secrets: [wrong] }];
  const proof = scheme.carriers[0];
  if (proof?.in !== 'header') return;
  yield [
    undefined,
    'a digest out of the blue',
    changeHeader(signed, proof.name, (value) => value.replace(/[b-y](?=[^=,]*$)/, 'z')),
  ];
}

/** Senders made at home, that take the secret for something it is not. */
export function homeMade(): Promise<RejectedFailure[]> {
  const body = Buffer.from('{"a":1}');
  const seconds = String(NOON.getTime() / 1_000);
  const text = Buffer.alloc(32, 'a key of random bytes \xe9').toString('base64');
  const of = (id: string, name: string, key: Buffer, secret: string): Failure => {
    const provider = getProvider(id);
    const content = id === 'stripe' ? Buffer.concat([Buffer.from(`${seconds}.`), body]) : body;
    const digest = createHmac('sha256', key).update(content).digest('hex');
    const header: [string, string] =
      id === 'stripe'
        ? ['Stripe-Signature', `t=${seconds},v1=${digest}`]
        : ['X-Hub-Signature-256', `sha256=${digest}`];
    return {
      name: `${id}: ${name}`,
      provider,
      request: { method: 'POST', url: '/', headers: [header], body },
      options: { secrets: [secret], at: NOON },
      cause: 'secret-encoding',
    };
  };
  const hex = 'c0ffee00'.repeat(8);
  const failures = ['stripe', 'github'].flatMap((id) => [
    of(id, 'secret decoded from base64', Buffer.from(text, 'base64'), text),
    of(
      id,
      'secret decoded from base64 behind whsec_',
      Buffer.from(text, 'base64'),
      `whsec_${text}`,
    ),
    of(id, 'secret decoded from hex', Buffer.from(hex, 'hex'), hex),
  ]);
  return judged(failures);
}
