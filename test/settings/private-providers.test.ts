import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HookcliError } from '../../src/core/errors.ts';
import { systemRandom } from '../../src/core/ids.ts';
import type { RawRequest } from '../../src/core/types.ts';
import github from '../../src/providers/github.ts';
import { privateProviders } from '../../src/settings/private-providers.ts';
import { describeEvent } from '../../src/verify/describe-event.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { NOON, outcome, post } from '../helpers/requests.ts';

const FILE = '/project/hookcli.config.json';
const SECRET = 'a secret of acme, long enough';
const noModules = async () => {
  throw new Error('Nothing is to be loaded.');
};

const declared = (...providers: unknown[]) =>
  privateProviders({ file: FILE, values: { providers } }, noModules);

async function acme(row: object) {
  const [provider] = await declared({ id: 'acme', header: 'X-Acme-Signature', ...row });
  if (provider === undefined) throw new Error('There is no provider.');
  return provider;
}

const hmac = (algorithm: string, text: string, encoding: 'hex' | 'base64') =>
  createHmac(algorithm, SECRET).update(text).digest(encoding);

describe('how a declared provider signs', () => {
  const time = String(NOON.getTime() / 1_000);
  it.each<[string, object, Record<string, string>]>([
    ['plainly', {}, { 'X-Acme-Signature': hmac('sha256', 'body', 'hex') }],
    [
      'with every part its own',
      { algorithm: 'sha1', encoding: 'base64', prefix: 'sha1=' },
      { 'X-Acme-Signature': `sha1=${hmac('sha1', 'body', 'base64')}` },
    ],
    [
      'with a timestamp',
      { timestamp: { header: 'X-Acme-Time' } },
      { 'X-Acme-Time': time, 'X-Acme-Signature': hmac('sha256', `${time}.body`, 'hex') },
    ],
    [
      'with a timestamp in its own words',
      {
        algorithm: 'sha512',
        template: 'v0:{timestamp}:{body}',
        timestamp: { header: 'X-Acme-Time', format: 'ms' },
      },
      {
        'X-Acme-Time': `${time}000`,
        'X-Acme-Signature': hmac('sha512', `v0:${time}000:body`, 'hex'),
      },
    ],
    [
      'with what else is in the request',
      { template: '{method} {url} {header:X-Tenant}\n{body}' },
      { 'X-Acme-Signature': hmac('sha256', 'POST https://acme.example/in t1\nbody', 'hex') },
    ],
  ])('%s', async (_, row, expected) => {
    const provider = await acme(row);
    const request: RawRequest = {
      ...post('body', [['X-Tenant', 't1']]),
      url: 'https://acme.example/in',
    };
    const signed = signRequest(request, provider, { secret: SECRET, eventId: '1', at: NOON });
    expect(Object.fromEntries(signed.headers)).toEqual({ 'X-Tenant': 't1', ...expected });
    const judge = async (one: RawRequest, secret = SECRET) =>
      outcome(await verifyRequest(one, provider, { secrets: [secret], at: NOON }));
    expect(await judge(signed)).toBe('verified');
    expect(await judge(signed, 'a secret of somebody else')).toBe('mismatch');
    expect(await judge({ ...signed, body: Buffer.from('b0dy') })).toBe('mismatch');
  });

  it('with a time that grows stale when it says so', async () => {
    const provider = await acme({ timestamp: { header: 'X-Acme-Time', tolerance: '90s' } });
    const signed = signRequest(post('body'), provider, { secret: SECRET, eventId: '1', at: NOON });
    const aged = async (ms: number) =>
      outcome(
        await verifyRequest(signed, provider, {
          secrets: [SECRET],
          at: new Date(NOON.getTime() + ms),
        }),
      );
    expect([await aged(90_000), await aged(91_000)]).toEqual(['verified', 'stale']);
  });
});

describe('what else is declared', () => {
  it('has its usual place where nothing is said', async () => {
    const provider = await acme({});
    expect(provider).toMatchObject({
      title: 'acme',
      secret: { env: ['ACME_WEBHOOK_SECRET'] },
      identify: { headers: { 'x-acme-signature': true } },
      event: { type: [{ in: 'json', name: 'type' }], id: { in: 'json', name: 'id' } },
      retries: { kind: 'none' },
    });
    const secret = provider.secret.generate(systemRandom);
    expect(provider.schemes[0]?.secretFault(secret)).toBeUndefined();
  });

  it('is where it is said to be', async () => {
    const provider = await acme({
      title: 'Acme Inc.',
      docs: 'https://acme.example/docs',
      secretEnv: 'ACME_KEY',
      event: { type: 'header:X-Event', id: 'json:meta.id' },
    });
    expect(provider).toMatchObject({ title: 'Acme Inc.', docs: 'https://acme.example/docs' });
    expect(provider.secret.env).toEqual(['ACME_KEY']);
    const request = post('{"meta":{"id":7},"type":"x"}', [['x-event', 'order.made']]);
    expect(describeEvent(request, provider)).toEqual({ type: 'order.made', eventId: '7' });
  });
});

const refusal = async (...providers: unknown[]): Promise<HookcliError> => {
  const error = await declared(...providers).catch((caught) => caught);
  expect(error).toBeInstanceOf(HookcliError);
  expect(error.exitCode).toBe(2);
  return error;
};

describe('a row that is wrong is named with its member', () => {
  const row = { id: 'acme', header: 'X-Acme-Signature' };
  it.each<[unknown, RegExp]>([
    [7, /^providers\[0\] in \S+ is 7; it must be an object, or the path of a module/],
    [{}, /^providers\[0\]\.id in \S+ is missing/],
    [{ ...row, id: 'Acme Inc' }, /\.id .* is "Acme Inc"; it must be lower-case/],
    [{ id: 'acme' }, /\.header .* is missing/],
    [{ ...row, header: 'X Acme' }, /\.header .* a header's name/],
    [
      { ...row, algorithm: 'md5' },
      /\.algorithm .* is "md5"; it must be one of sha1, sha256, sha512/,
    ],
    [{ ...row, encoding: 'base32' }, /\.encoding .* one of hex, base64/],
    [{ ...row, prefix: 5 }, /\.prefix .* is 5/],
    [{ ...row, title: '' }, /\.title .* is ""/],
    [{ ...row, docs: 'http://acme.example' }, /\.docs .* https/],
    [{ ...row, secretEnv: 'a-b' }, /\.secretEnv .* is "a-b"; it must be a variable's name/],
    [{ ...row, template: '{bdy}' }, /\.template .* is "\{bdy\}"; it must be a text with holes/],
    [{ ...row, template: '{header:}' }, /\.template .* holes/],
    [{ ...row, template: '{timestamp}.{body}' }, /\.timestamp .* is missing; .*\{timestamp\}/],
    [{ ...row, timestamp: {} }, /\.timestamp\.header .* is missing/],
    [{ ...row, timestamp: 'X-Time' }, /\.timestamp .* is "X-Time"; it must be an object/],
    [
      { ...row, timestamp: { header: 'X-Time', format: 'us' } },
      /\.timestamp\.format .* one of s, ms/,
    ],
    [
      { ...row, timestamp: { header: 'X-Time', tolerance: 'soon' } },
      /\.timestamp\.tolerance in .*"soon"/,
    ],
    [
      { ...row, timestamp: { header: 'X-Time' }, template: '{body}' },
      /\.template .* nobody signs the time/,
    ],
    [{ ...row, event: 'json:type' }, /\.event .* an object/],
    [{ ...row, event: { id: 'json:id' } }, /\.event\.type .* is missing/],
    [
      { ...row, event: { type: 'type' } },
      /\.event\.type .* is "type"; it must be a place such as json:type/,
    ],
    [{ ...row, event: { type: 'header:X Event' } }, /\.event\.type .* a place/],
    [{ ...row, event: { type: 'json:a..b' } }, /"a\.\.b" is not a path/],
    [{ ...row, event: { type: 'json:t', idd: 'json:i' } }, /\.event in \S+ has no member "idd"/],
    [{ ...row, secret: 'hush' }, /holds "providers\[0\]\.secret", but it is committed/],
    [{ ...row, algoritm: 'sha1' }, /^providers\[0\] in \S+ has no member "algoritm"/],
  ])('%j', async (wrong, says) => {
    const { message, hint } = await refusal(wrong);
    expect(message).toMatch(says);
    expect(hint).toMatch(/\S/);
    expect(message + hint).not.toContain('hush');
  });

  it('by its number', async () => {
    expect((await refusal(row, { ...row, id: 5 })).message).toMatch(/^providers\[1\]\.id/);
  });

  it('with the member that was meant', async () => {
    expect((await refusal({ ...row, algoritm: 'sha1' })).hint).toBe('Did you mean "algorithm"?');
  });

  it('and a list is wanted', async () => {
    const given = privateProviders({ file: FILE, values: { providers: { acme: row } } }, noModules);
    await expect(given).rejects.toThrow(/^providers in \S+ is \{.*it must be a list of providers/);
    expect(await privateProviders({ file: FILE, values: {} }, noModules)).toEqual([]);
    expect(await privateProviders(undefined, noModules)).toEqual([]);
  });
});

describe('a module', () => {
  const loading = (exported: unknown, row = './acme.js') => {
    const asked: string[] = [];
    const load = async (file: string) => {
      asked.push(file);
      if (exported instanceof Error) throw exported;
      return exported;
    };
    const given = privateProviders({ file: FILE, values: { providers: [row] } }, load);
    return { asked, given };
  };

  it('is looked for beside the settings', async () => {
    const own = { ...github, id: 'our-github' };
    const { asked, given } = loading(own, '../shared/acme.js');
    expect(await given).toEqual([own]);
    expect(asked).toEqual(['/shared/acme.js']);
  });

  const { secret: _, ...withoutSecret } = github;
  it.each<[string, unknown, RegExp]>([
    ['is broken', new SyntaxError('Unexpected token'), /cannot be loaded: Unexpected token/],
    ['exports nothing', undefined, /no provider by default: it is undefined/],
    ['exports a function', () => github, /no provider by default/],
    ['lacks a member', withoutSecret, /its "secret" is missing/],
    ['has another kind of member', { ...github, schemes: [{ id: 'x' }] }, /its "schemes"/],
    ['names itself wrongly', { ...github, id: 'Git Hub' }, /no whole provider: .*id must be/],
  ])('that %s is refused', async (_what, exported, says) => {
    const error = await loading(exported).given.catch((caught) => caught);
    expect(error).toMatchObject({ code: 'bad-provider', exitCode: 2 });
    expect(error.message).toMatch(/^providers\[0\] in \S+: \/project\/acme\.js /);
    expect(error.message).toMatch(says);
  });

  it.each(['acme.js', 'acme', 'https://acme.example/p.js', ''])(
    'is a path, not %j',
    async (row) => {
      const { asked, given } = loading(github, row);
      await expect(given).rejects.toThrow(/the path of a module, such as \.\/acme-provider\.js/);
      expect(asked).toEqual([]);
    },
  );
});
