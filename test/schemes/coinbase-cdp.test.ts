import { describe, expect, it } from 'vitest';
import type { Header } from '../../src/core/types.ts';
import { coinbaseCdp } from '../../src/schemes/coinbase-cdp.ts';
import { changeHeader, flipByte, later, NOON, outcome, post } from '../helpers/requests.ts';

const HEADER = 'X-Hook0-Signature';
const BODY = '{"id":"evt_1","type":"wallet.transaction.detected"}';
const secret = 'words as a key';
const options = { secret, eventId: 'evt_1', at: NOON };

const request = (headers: Header[] = [['Content-Type', 'application/json']]) => post(BODY, headers);
const signed = coinbaseCdp.sign(request(), options);
const reason = async (given: typeof signed, at = NOON, secrets = [secret]) =>
  outcome(await coinbaseCdp.verify(given, { secrets, at }));

describe('the signature of the Coinbase Developer Platform', () => {
  it('names the headers it covers, and takes id and type from the event', async () => {
    expect(Object.fromEntries(signed.headers)).toMatchObject({
      'X-Event-Id': 'evt_1',
      'X-Event-Type': 'wallet.transaction.detected',
      [HEADER]: expect.stringMatching(
        /^t=1769860800,h=content-type x-event-id x-event-type,v1=[0-9a-f]{64}$/,
      ),
    });
    expect(await reason(signed)).toBe('verified');
  });

  it('covers only headers that are there', async () => {
    const bare = coinbaseCdp.sign(post('not JSON'), options);
    expect(Object.fromEntries(bare.headers)[HEADER]).toContain(',h=x-event-id,v1=');
    expect(await reason(bare)).toBe('verified');
  });

  it('is spoiled by another body, secret or value of a header it names', async () => {
    expect(await reason(flipByte(signed, 3))).toBe('mismatch');
    expect(await reason(signed, NOON, ['other words'])).toBe('mismatch');
    for (const name of ['Content-Type', 'X-Event-Id', 'X-Event-Type']) {
      expect(await reason(changeHeader(signed, name, (v) => `${v}x`)), name).toBe('mismatch');
      expect(await reason(changeHeader(signed, name, () => undefined)), name).toBe('missing');
      const twice = { ...signed, headers: [...signed.headers, [name, 'again'] as const] };
      expect(await reason(twice), name).toBe('ambiguous');
    }
  });

  it('covers the list of names too', async () => {
    const fewer = changeHeader(signed, HEADER, (value) => value.replace(' x-event-type', ''));
    expect(await reason(fewer)).toBe('mismatch');
  });

  it('may stand among others, of which only v1 counts', async () => {
    const zeros = '0'.repeat(64);
    const listed = (text: string) =>
      changeHeader(signed, HEADER, (value) => value.replace(',v1=', `,${text},v1=`));
    expect(await reason(listed(`v1=${zeros}`))).toBe('verified');
    expect(await reason(listed(`v0=${zeros}`))).toBe('verified');
    expect(await reason(changeHeader(signed, HEADER, (value) => value.replace('v1=', 'v0=')))).toBe(
      'malformed',
    );
  });

  it.each([
    't=1,v1=00',
    'h=content-type,v1=00',
    't=1,t=2,h=content-type,v1=00',
    't=1,h=a,h=b,v1=00',
    `t=1,h=${'a '.repeat(21)},v1=${'0'.repeat(64)}`,
    't=1,h=content-type,v1=00',
    `t=soon,h=content-type,v1=${'0'.repeat(64)}`,
    'nonsense',
  ])('is malformed as %s', async (value) => {
    expect(await reason(changeHeader(signed, HEADER, () => value))).toBe('malformed');
  });

  it('is good for five minutes either way', async () => {
    expect(await reason(signed, later(NOON, 300_000))).toBe('verified');
    expect(await reason(signed, later(NOON, 301_000))).toBe('stale');
    expect(await reason(signed, later(NOON, -300_000))).toBe('verified');
    expect(await reason(signed, later(NOON, -301_000))).toBe('early');
  });
});
