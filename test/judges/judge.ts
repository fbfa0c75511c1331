import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { headerValue } from '../../src/core/headers.ts';
import { seededRandom } from '../../src/core/ids.ts';
import type { Provider, RawRequest } from '../../src/core/types.ts';
import { SPOILS, type Spoil, signSpoiled } from '../../src/deliver/spoil.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { changeHeader, composed, later, NOON, outcome } from '../helpers/requests.ts';

/** Other ways to write a proof, which SDK and we should read alike. */
const REWRITINGS = {
  'in upper case': (proof: string) => proof.toUpperCase(),
  'without its last character': (proof: string) => proof.slice(0, -1),
  'with a character too many': (proof: string) => `${proof}0`,
  'without its prefix': (proof: string) => proof.replace(/^[a-z0-9]{1,8}[=,]/, ''),
  'with another prefix': (proof: string) => proof.replace(/^[a-z0-9]{1,8}(?=[=,])/, 'v9'),
  'without padding': (proof: string) => proof.replace(/=+$/, ''),
  'in the base64 of URLs': (proof: string) => proof.replace(/\+/g, '-').replace(/\//g, '_'),
  'twice, after a comma': (proof: string) => `${proof},${proof}`,
  'twice, after a comma and a space': (proof: string) => `${proof}, ${proof}`,
  'twice, after a space': (proof: string) => `${proof} ${proof}`,
  'twice, after a semicolon': (proof: string) => `${proof};${proof}`,
} as const;

export type Rewriting = keyof typeof REWRITINGS;

/** An official SDK, asked for its verdict on what we sign and for its own signatures. */
export interface Judge {
  /** Its name on npm. */
  readonly sdk: string;
  readonly provider: Provider;
  /** The event whose proof is rewritten and grows old; the first when absent. */
  readonly example?: string;
  /** The SDK's verdict at the time of `Date.now()`. */
  accepts(request: RawRequest, secret: string): boolean | Promise<boolean>;
  /** The request as the SDK signs it at NOON, where it can. */
  signs?(
    request: RawRequest & { eventId: string },
    secret: string,
  ): RawRequest | Promise<RawRequest>;
  /** Spoils the SDK lets pass and we do not, and why it does. */
  readonly passes?: Partial<Record<Spoil, string>>;
  /** Rewritings the SDK reads as the proof and we do not, and why it does. */
  readonly reads?: Partial<Record<Rewriting, string>>;
  /** Rewritings we read as the proof and the SDK does not, and why we do. */
  readonly weRead?: Partial<Record<Rewriting, string>>;
  /** How many seconds old a signature is when the SDK takes it and we do not, or the reverse. */
  readonly agesApart?: { readonly seconds: readonly number[]; readonly why: string };
  /** Why bytes that are no text pass for the text they decode to, where they do with the SDK. */
  readonly decodes?: string;
  /** Why they do with us as well. */
  readonly weDecode?: string;
  /** The rewritings that mean something for this proof; all when absent. */
  readonly rewritings?: readonly Rewriting[];
}

/** One header of a request, '' when it is not there. */
export const header = (request: RawRequest, name: string): string =>
  headerValue(request.headers, name) ?? '';

export const text = (request: RawRequest): string => Buffer.from(request.body).toString('utf8');

/** The headers as SDKs take them: names in lower case. */
export const headersOf = (request: RawRequest): Record<string, string> =>
  Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]));

/** The answer of an SDK that throws what it refuses; any other error is a failure of ours. */
export async function unlessRefused(ask: () => unknown, refusal: RegExp): Promise<boolean> {
  try {
    return (await ask()) !== false;
  } catch (error) {
    if (error instanceof Error && refusal.test(error.message)) return false;
    throw error;
  }
}

/** Holds a provider of ours against the provider's own SDK. */
export function testJudge(judge: Judge): void {
  const { sdk, provider, passes = {}, reads = {}, weRead = {}, agesApart } = judge;
  const random = seededRandom(`${sdk} judges ${provider.id}`);
  const secret = provider.secret.generate(random);
  const other = provider.secret.generate(random);
  const scheme = provider.schemes[0] as Provider['schemes'][number];
  const proof = scheme.carriers[0]?.name as string;
  const events = listFixtures(provider.id).map(({ event }) => event);
  const example = judge.example ?? events[0];
  if (example === undefined) throw new Error(`There is no fixture of ${provider.id} to judge.`);
  const dated = scheme.toleranceMs !== undefined;
  const spoils = (Object.keys(SPOILS) as Spoil[]).filter((spoil) => dated || spoil !== 'timestamp');
  const tally = { accepted: new Set<string>(), refused: new Map<Spoil, number>() };

  const sign = (event: string) => {
    const request = composed(provider, event);
    return signRequest(request, provider, { secret, eventId: request.eventId, at: NOON });
  };
  const ours = async (request: RawRequest, at = NOON) =>
    outcome(await verifyRequest(request, provider, { secrets: [secret], at }));
  const theirs = async (request: RawRequest, at = NOON) => {
    vi.setSystemTime(at);
    return judge.accepts(request, secret);
  };

  describe(`${sdk} judges ${provider.id}`, () => {
    // SDKs ask the system for the time; hardly one has an argument for it.
    beforeAll(() => vi.useFakeTimers({ toFake: ['Date'], now: NOON }));
    afterAll(() => vi.useRealTimers());
    afterAll(() => console.log(tableOf(judge, events.length, spoils, tally)));

    describe.each(events)('%s', (event) => {
      it('accepts what we sign, with its secret only', async () => {
        const signed = sign(event);
        expect(await theirs(signed)).toBe(true);
        tally.accepted.add(event);
        vi.setSystemTime(NOON);
        expect(await judge.accepts(signed, other)).toBe(false);
      });

      it.each(spoils)('and we agree on the spoil "%s", or say why not', async (spoil) => {
        const request = composed(provider, event);
        const { eventId } = request;
        const spoiling = { spoil, secret, eventId, at: NOON, random: seededRandom(spoil) };
        const spoiled = signSpoiled(request, provider, spoiling);
        expect(await theirs(spoiled)).toBe(passes[spoil] !== undefined);
        if (passes[spoil] === undefined) {
          tally.refused.set(spoil, (tally.refused.get(spoil) ?? 0) + 1);
        }
      });

      if (judge.signs !== undefined) {
        it('signs what we verify', async () => {
          const signed = await judge.signs?.(composed(provider, event), secret);
          expect(await ours(signed as RawRequest)).toBe('verified');
        });
      }
    });

    const exampleSigned = sign(example);
    const rewritten = (rewriting: Rewriting) =>
      changeHeader(exampleSigned, proof, REWRITINGS[rewriting]);
    const { rewritings = Object.keys(REWRITINGS) as Rewriting[] } = judge;
    // For some proofs some are no other writing: hex has no padding.
    const unlike = rewritings.filter(
      (rewriting) => header(rewritten(rewriting), proof) !== header(exampleSigned, proof),
    );
    it.each(unlike)('and we agree on a proof written %s, or say why not', async (rewriting) => {
      const request = rewritten(rewriting);
      const [they, we] = [await theirs(request), (await ours(request)) === 'verified'];
      if (reads[rewriting] !== undefined) expect([they, we]).toEqual([true, false]);
      else if (weRead[rewriting] !== undefined) expect([they, we]).toEqual([false, true]);
      else expect(we).toBe(they);
    });

    if (scheme.toleranceMs !== undefined) {
      const edge = scheme.toleranceMs / 1_000;
      const ages = [-86_400, -edge - 1, -edge, -1, 0, 1, edge - 1, edge, edge + 1, 86_400];
      it.each(ages)('and we agree on a proof %i seconds old, or say why not', async (seconds) => {
        const signed = sign(example);
        const apart: number[] = [];
        for (const ms of [0, 1, 500, 999]) {
          const at = later(NOON, seconds * 1_000 + ms);
          if (((await ours(signed, at)) === 'verified') !== (await theirs(signed, at))) {
            apart.push(ms);
          }
        }
        if (agesApart?.seconds.includes(seconds)) expect(apart).not.toEqual([]);
        else expect(apart).toEqual([]);
      });
    }

    it('takes the bytes of a body, or says why not', async () => {
      const request = composed(provider, example);
      const end = request.body.length - 1;
      const withTail = (tail: Buffer) => ({
        ...request,
        body: Buffer.concat([request.body.subarray(0, end), tail, request.body.subarray(end)]),
      });
      // After the last member of the JSON or the form; what is no UTF-8 decodes to U+FFFD.
      const isJson = request.body[end] === 0x7d;
      const tail = (text: string) => Buffer.from(isJson ? `,"more":"${text}"` : text, 'utf8');
      const eventId = request.eventId;
      const signed = signRequest(withTail(tail('\uFFFD')), provider, { secret, eventId, at: NOON });
      expect(await theirs(signed)).toBe(true);
      const broken = Buffer.from(tail('~').toString('latin1').replace('~', '\xff'), 'latin1');
      const replaced = { ...signed, body: withTail(broken).body };
      expect(await ours(replaced)).toBe(judge.weDecode === undefined ? 'mismatch' : 'verified');
      expect(await theirs(replaced)).toBe(judge.decodes !== undefined);
    });
  });
}

function tableOf(
  { sdk, provider, passes = {}, signs }: Judge,
  events: number,
  spoils: readonly Spoil[],
  { accepted, refused }: { accepted: Set<string>; refused: Map<Spoil, number> },
): string {
  const manifest = new URL(`node_modules/${sdk}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const all = spoils.filter((spoil) => refused.get(spoil) === events);
  const laxer = Object.entries(passes).map(([spoil, why]) => `${spoil} passes: ${why}`);
  return [
    `${sdk} ${version}  judges ${provider.id}`,
    `  events accepted  ${accepted.size} of ${events}${signs === undefined ? '' : ', both ways'}`,
    `  spoils refused   ${all.length} of ${spoils.length}: ${all.join(', ')}`,
    ...laxer.map((line) => `  ${line}`),
  ].join('\n');
}
