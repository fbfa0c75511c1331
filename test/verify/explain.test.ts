import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/ids.ts';
import { readPlace } from '../../src/core/place.ts';
import type { Header, Provider, RawRequest, Verdict } from '../../src/core/types.ts';
import github from '../../src/providers/github.ts';
import { providers } from '../../src/providers/index.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';
import stripe from '../../src/providers/stripe.ts';
import { hmac } from '../../src/schemes/hmac.ts';
import {
  CAUSES,
  type ExplainOptions,
  type Explanation,
  explain,
  explainVerdict,
  frameworkAdvice,
} from '../../src/verify/explain.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { changeHeader, flipByte, later, NOON, post } from '../helpers/requests.ts';
import { homeMade, type RejectedFailure, rejectedOf } from './failures.ts';

describe('the true cause', () => {
  const tried: (RejectedFailure & { explanation: Explanation | undefined })[] = [];
  const isRight = ({ cause, explanation }: (typeof tried)[number]) => explanation?.cause === cause;

  beforeAll(async () => {
    const failures = [
      ...(await Promise.all(providers.map(rejectedOf))).flat(),
      ...(await homeMade()),
    ];
    for (const failure of failures) {
      const { request, provider, options, verdict } = failure;
      tried.push({ ...failure, explanation: await explain(request, provider, options, verdict) });
    }
  }, 120_000);

  it('is named in 95 of 100 failures and more', () => {
    const right = tried.filter(isRight).length;
    console.info(`named the true cause in ${right} of ${tried.length}`);
    for (const one of tried) {
      if (!isRight(one)) console.info(`  ${one.name}: ${one.explanation?.cause}, not ${one.cause}`);
    }
    expect(tried.length).toBeGreaterThanOrEqual(120);
    expect(right / tried.length).toBeGreaterThanOrEqual(0.95);
  });

  it('is tried of every kind and with every provider', () => {
    expect(new Set(tried.map(({ cause }) => cause))).toEqual(new Set([...CAUSES, undefined]));
    expect(new Set(tried.map(({ provider }) => provider.id))).toEqual(
      new Set(providers.map(({ id }) => id)),
    );
  });

  it('is not made up where it cannot be known', () => {
    const unknowable = tried.filter(({ cause }) => cause === undefined);
    expect(unknowable.length).toBeGreaterThan(20);
    expect(unknowable.filter((one) => !isRight(one)).map(({ name }) => name)).toEqual([]);
  });

  it('comes with a way out, each short enough for the line it is shown on', () => {
    for (const { name, explanation } of tried) {
      if (explanation === undefined) continue;
      expect(explanation.detail, name).toMatch(/^[A-Z].*[.)]$/s);
      expect(explanation.hint, name).not.toBe('');
      expect(explanation.hint.length, name).toBeLessThanOrEqual(300);
      expect(explanation.detail.length, name).toBeLessThanOrEqual(300);
    }
  });

  it('is told without a secret', () => {
    for (const { name, options, explanation } of tried) {
      const said = JSON.stringify(explanation ?? '');
      for (const secret of [
        ...options.secrets,
        ...(options.others ?? []).flatMap((one) => one.secrets),
      ]) {
        if (secret.length > 8) expect(said, name).not.toContain(secret.trim());
      }
    }
  });
});

const SECRET = 'a secret of no importance';

function signed(
  body: string | Uint8Array,
  provider: Provider = github,
  headers: readonly Header[] = [],
) {
  return signRequest(post(body, headers), provider, { secret: SECRET, eventId: 'evt_1', at: NOON });
}

const arrived = (request: RawRequest, body: string | Uint8Array): RawRequest => ({
  ...request,
  body: Buffer.from(body),
});

/** The verdict as a user gets to see it. */
async function told(
  request: RawRequest,
  provider: Provider = github,
  options: Partial<ExplainOptions> = {},
): Promise<Verdict & { detail?: string; hint?: string }> {
  const all = { secrets: [SECRET], at: NOON, ...options };
  return explainVerdict(request, provider, all, await verifyRequest(request, provider, all));
}

describe('an explained verdict', () => {
  it('is still a rejection, for the same reason, by the same scheme', async () => {
    expect(await told(arrived(signed('{"a":1}'), '{"a": 1}'))).toEqual({
      status: 'rejected',
      scheme: 'github',
      reason: 'mismatch',
      detail:
        'The signature fits the body as compact JSON: it was parsed and written anew before it was verified.',
      hint: "Verify the bytes as they came, before any parser; in Express: express.raw({ type: 'application/json' }) on this route, before express.json().",
    });
  });

  it('names the captured event in its hint', async () => {
    const request = arrived(signed('{"a":1}'), '{"a": 1}');
    const { hint } = await told(request, github, { capturedAs: 'evt_01' });
    expect(hint).toMatch(/hookcli verify --event evt_01$/);
  });

  it('stays as it is when there is nothing to explain', async () => {
    expect(await told(signed('{}'))).toEqual({ status: 'verified', scheme: 'github' });
    const unchecked = await told(signed('{}'), github, { secrets: [] });
    expect(unchecked).toMatchObject({ status: 'unchecked', reason: 'no-secret' });
    const request = signed('{}');
    const options = { secrets: ['another'], at: NOON };
    const verdict = await verifyRequest(request, github, options);
    expect(await explainVerdict(request, github, options, verdict)).toBe(verdict);
  });

  it('tells of a second thing that would be in the way', async () => {
    const request = arrived(signed('{"a":1}', stripe), '{"a":1}\n');
    const { detail } = await told(request, stripe, { at: later(NOON, 600_000) });
    expect(detail).toBe(
      'The signature fits the body without the line break at its end: one was added. (It is stale, besides.)',
    );
  });

  it('counts with every secret of a rotation', async () => {
    const request = arrived(signed('{"a":1}'), '{"a":1}\r\n');
    const { detail } = await told(request, github, { secrets: ['old', 'older', SECRET] });
    expect(detail).toMatch(/line break at its end: one was added/);
  });

  it('keeps the advice of the scheme on age and clocks', async () => {
    const request = signed('{}', stripe);
    const options = { secrets: [SECRET], at: later(NOON, 600_000) };
    const verdict = await verifyRequest(request, stripe, options);
    expect(await explainVerdict(request, stripe, options, verdict)).toEqual(verdict);
  });

  it('sees seconds where milliseconds are due, though the signature is genuine', async () => {
    const stamped = (format: 's' | 'ms'): Provider => ({
      ...github,
      schemes: [
        hmac({
          id: 'stamped',
          header: 'X-Sig',
          signs: ['timestamp', 'body'],
          timestamp: { header: 'X-Time', format, toleranceMs: 300_000, refuseEarly: true },
        }),
      ],
    });
    const { detail } = await told(signed('{}', stamped('s')), stamped('ms'));
    expect(detail).toMatch(/^The timestamp in the X-Time header is in seconds \(\d{10}\)/);
  });
});

// Serialised by others: Python 3.11 json.dumps, PHP 8 json_encode, .NET 8 JsonSerializer, Go 1.22
// json.Marshal, each of the same object; the last is what JSON.stringify makes of it.
const SERIALISED = {
  python: '{"name": "Zo\\u00eb & \\"Co\\" <a/b>", "n": [1, 2.5], "e": {}}',
  php: '{"name":"Zo\\u00eb & \\"Co\\" <a\\/b>","n":[1,2.5],"e":{}}',
  dotNet: '{"name":"Zo\\u00EB \\u0026 \\u0022Co\\u0022 \\u003Ca/b\\u003E","n":[1,2.5],"e":{}}',
  go: '{"name":"Zoë \\u0026 \\"Co\\" \\u003ca/b\\u003e","n":[1,2.5],"e":{}}',
  javaScript: '{"name":"Zoë & \\"Co\\" <a/b>","n":[1,2.5],"e":{}}',
};

describe('a body parsed and written anew', () => {
  it.each(Object.entries(SERIALISED))('is recognised when %s had signed it', async (by, body) => {
    const others = Object.entries(SERIALISED).filter(([name]) => name !== by);
    for (const [name, other] of others) {
      const { detail } = await told(arrived(signed(body), other));
      expect(detail, `${by} read by ${name}`).toMatch(/it was parsed and written anew/);
    }
  });

  it('keeps numbers that JavaScript would not', async () => {
    const body = '{"id":12345678901234567890,"price":1.0,"tiny":1e-7}';
    const { detail } = await told(
      arrived(signed(body), body.replaceAll(',', ', ').replaceAll(':', ': ')),
    );
    expect(detail).toMatch(/as compact JSON/);
  });

  it('is recognised with its names sorted', async () => {
    const { detail } = await told(
      arrived(signed('{"a":[{"c":1,"d":2}],"b":3}'), '{"b":3,"a":[{"d":2,"c":1}]}'),
    );
    expect(detail).toMatch(/its names sorted/);
  });

  it('is recognised as a form', async () => {
    const form: Header[] = [['Content-Type', 'application/x-www-form-urlencoded']];
    const request = signed('text=a%20b%27s&x=%7E', github, form);
    expect((await told(arrived(request, 'text=a+b%27s&x=%7E'))).detail).toMatch(/\S/);
    const slack = signed('token=x&text=hi+there', github, form);
    const { detail } = await told(arrived(slack, '{"token":"x","text":"hi there"}'));
    expect(detail).toMatch(/^The signature fits the body as a form/);
    const payload = signed(`payload=${encodeURIComponent('{"a":"b c"}')}`, github, form);
    expect((await told(arrived(payload, '{"a":"b c"}'))).detail).toMatch(/the form field payload/);
  });
});

describe('advice', () => {
  it('is there for the frameworks people use', () => {
    const named = frameworkAdvice('body-reserialised').map(({ framework }) => framework);
    for (const framework of ['Express', 'Next.js (app)', 'Fastify', 'Flask', 'FastAPI']) {
      expect(named).toContain(framework);
    }
    expect(new Set(named).size).toBe(named.length);
    expect(frameworkAdvice('url-scheme').length).toBeGreaterThan(3);
    expect(frameworkAdvice('secret-quotes')).toEqual([]);
  });
});

/** A provider that counts how often its scheme was asked. */
function counted(provider: Provider): { provider: Provider; count: () => number } {
  let asked = 0;
  const schemes = provider.schemes.map((scheme) => ({
    ...scheme,
    verify: (...args: Parameters<typeof scheme.verify>) => {
      asked++;
      return scheme.verify(...args);
    },
  }));
  return { provider: { ...provider, schemes }, count: () => asked };
}

describe('is bounded', () => {
  const items = Array.from({ length: 4_000 }, (_, id) => ({
    id,
    text: 'Crème/brûlée <b>',
    of: [id],
  }));
  const many = Array.from({ length: 200 }, (_, n) => `secret ${n} of another`);

  it.each([
    ['a small body', '{"a":{"é":"/"}}'],
    ['a body of hundreds of kilobytes', JSON.stringify(items)],
    ['a body that is too large to parse', JSON.stringify(items).repeat(12)],
  ])('by 60 trials: %s', async (_, body) => {
    const { provider, count } = counted(github);
    const url = 'https://user@example.com/a/b?c=1&b=2&a=3';
    const request = { ...flipByte(signed(body), 3), url };
    const others = [{ provider: stripe, secrets: many }];
    const options = { secrets: ['one', 'two', 'three', 'four', 'five'], at: NOON, others };
    const verdict = await verifyRequest(request, provider, options);
    const before = count();
    expect(await explainVerdict(request, provider, options, verdict)).toBe(verdict);
    expect(count() - before).toBeGreaterThan(20);
    expect(count() - before).toBeLessThanOrEqual(60);
  });

  it('and lets others have their turn', async () => {
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await told(flipByte(signed(JSON.stringify(items)), 12));
    isOver = true;
    expect(turns).toBeGreaterThan(0);
  });

  it('by the bytes a compressed body may grow to', async () => {
    const zeros = Buffer.alloc(40 * 1_024 ** 2);
    const bomb = gzipSync(zeros);
    const verdict = await told(arrived(signed(zeros), bomb));
    expect(verdict.detail).not.toMatch(/inflated/);
  });
});

/** The digests that a request bears, in hex and in base64. */
function proofsIn(request: RawRequest, { schemes }: Provider): string[] {
  return schemes.flatMap(({ carriers: [proof] }) => {
    const text = (proof && readPlace(request, proof)) ?? '';
    return [...text.matchAll(/[A-Za-z0-9+/_-]{20,}=*/g)].flatMap(([digest]) => {
      const bytes = Buffer.from(digest, /^[0-9a-f]+$/.test(digest) ? 'hex' : 'base64');
      return [digest, bytes.toString('hex'), bytes.toString('base64')];
    });
  });
}

describe('hostile requests', () => {
  const hex = (key: string, body: Uint8Array) =>
    createHmac('sha256', key).update(body).digest('hex');
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const wide = `${'['.repeat(120)}${'1,'.repeat(200_000)}1${']'.repeat(120)}`;

  it.each<[string, string | Uint8Array]>([
    ['deeply nested', deep],
    ['nested and wide', wide],
    ['not closed', '{"a":[1,2,"'],
    ['closed too often', '{}]]]}'],
    ['a lone surrogate', '{"a":"\\ud800"}'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d])],
    ['a prototype', '{"__proto__":{"a":1},"constructor":{"prototype":1}}'],
    ['a Buffer that is none', '{"type":"Buffer","data":[{"valueOf":1},-1,1e9,"x"]}'],
    ['an object without a text', '{"isBase64Encoded":true,"body":{"toString":1}}'],
    ['half a gzip', gzipSync('{"a":1}').subarray(0, 15)],
    ['backslashes', `{"a":"${'\\'.repeat(99_999)}"}`],
    ['nothing but commas', `[${','.repeat(100_000)}]`],
    ['white space', ' '.repeat(200_000)],
  ])('leave the verdict as it was: %s', async (_, body) => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const request = changeHeader(
        signed(body, github, [
          ['Content-Type', type],
          ['Content-Encoding', 'br'],
        ]),
        'x-hub-signature-256',
        () => `sha256=${'0'.repeat(64)}`,
      );
      const options = { secrets: [SECRET], at: NOON };
      const verdict = await verifyRequest(request, github, options);
      if (verdict.status !== 'rejected') throw new Error('It should be rejected.');
      expect(await explain(request, github, options, verdict)).toBeUndefined();
    }
  });

  it.each([
    ['a', 'a'.repeat(200_000)],
    ['runs of digits', `${'0'.repeat(60_000)}!${'0'.repeat(60_000)}!`],
    ['commas and blanks', ', '.repeat(60_000)],
    ['signs', 't=1,v1='.repeat(20_000)],
    ['quotation marks', '"'.repeat(100_000)],
  ])('with a header of nothing but %s end at once', async (_, value) => {
    for (const provider of [github, stripe, standardWebhooks]) {
      const secret = provider.secret.generate(seededRandom('hostile'));
      const headers = provider.schemes.flatMap(({ carriers }) =>
        carriers.map(({ name }): Header => [name, value]),
      );
      const verdict = await told(post('{}', headers), provider, { secrets: [secret] });
      expect(verdict.status).toBe('rejected');
      expect((verdict.detail ?? '').length).toBeLessThan(400);
    }
  });

  it('cannot find a signature out, piece by piece', async () => {
    const body = Buffer.from('{"a":1}');
    const digest = hex(SECRET, body);
    const asked = async (given: string) =>
      (await told(post(body, [['X-Hub-Signature-256', `sha256=${given}`]]))).detail;
    for (const length of [8, 31, 50, 63]) {
      expect(await asked(digest.slice(0, length))).toBe(await asked('f'.repeat(length)));
    }
    const close = `${digest.slice(0, 63)}${digest.endsWith('0') ? '1' : '0'}`;
    expect(await asked(close)).toBe(await asked('f'.repeat(64)));
  });

  it('never throw, and never bring a secret or a signature to light', async () => {
    const some = fc.constantFrom(...providers);
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((json) => Buffer.from(json)),
    );
    const spoil = fc.record({
      header: fc.option(
        fc.tuple(fc.nat(9), fc.oneof(text, fc.constantFrom('', 'sha256=', 'v1,', '0', ','))),
      ),
      url: fc.option(fc.webUrl({ withQueryParameters: true })),
      body: fc.option(body),
      secret: fc.option(fc.oneof(text, fc.constantFrom('\n', ' ', '%', '"', 'whsec_'))),
    });
    await fc.assert(
      fc.asyncProperty(some, body, spoil, text, async (provider, own, wrong, seed) => {
        const secret = provider.secret.generate(seededRandom(seed));
        const bare = post(own, [
          ['Content-Type', 'application/json'],
          ['Host', 'example.com'],
        ]);
        let genuine: RawRequest;
        try {
          genuine = signRequest(bare, provider, { secret, eventId: 'evt_1', at: NOON });
        } catch {
          return; // A body that this provider has no place for its proof in.
        }
        const added = genuine.headers.filter((header) => !bare.headers.includes(header));
        let request: RawRequest = {
          ...genuine,
          ...(wrong.body && { body: wrong.body }),
          ...(wrong.url && { url: wrong.url }),
        };
        if (wrong.header) {
          const [at, value] = wrong.header;
          const name = added[at % Math.max(1, added.length)]?.[0] ?? 'X';
          request = changeHeader(request, name, (is) => (value === '' ? is.slice(1) : value));
        }
        const options = { secrets: [secret + (wrong.secret ?? '')], at: NOON };
        let verdict: Verdict;
        try {
          verdict = await verifyRequest(request, provider, options);
        } catch {
          return; // A secret that cannot be used.
        }
        if (verdict.status !== 'rejected') return;
        const explanation = await explain(request, provider, options, verdict);
        const said = `${explanation?.detail} ${explanation?.hint}`;
        expect(said).not.toContain(secret);
        for (const proof of proofsIn(genuine, provider)) expect(said).not.toContain(proof);
      }),
      { numRuns: 300 },
    );
  });
});
