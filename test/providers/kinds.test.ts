import { describe, expect, it } from 'vitest';
import { headerValues } from '../../src/core/headers.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import asana from '../../src/providers/asana.ts';
import cloudflare from '../../src/providers/cloudflare.ts';
import coinbase from '../../src/providers/coinbase.ts';
import gitlab from '../../src/providers/gitlab.ts';
import meta from '../../src/providers/meta.ts';
import openai from '../../src/providers/openai.ts';
import quickbooks from '../../src/providers/quickbooks.ts';
import telegram from '../../src/providers/telegram.ts';
import x from '../../src/providers/x.ts';
import { describeEvent } from '../../src/verify/describe-event.ts';
import { identifyByHeaders } from '../../src/verify/identify.ts';
import { schemeFor, signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { composed, NOON, outcome, post } from '../helpers/requests.ts';

const SIGNING_TOKEN = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describe('GitLab', () => {
  it.each([
    ['push', 'Push Hook'],
    ['merge_request', 'Merge Request Hook'],
    ['build', 'Job Hook'],
  ])('calls %s a %s in its header', (event, hook) => {
    expect(headerValues(composed(gitlab, event).headers, 'x-gitlab-event')).toEqual([hook]);
  });

  it('signs with a signing token, and sends a secret token', () => {
    const request = composed(gitlab, 'push');
    expect(schemeFor(gitlab, SIGNING_TOKEN, request).id).toBe('standard-webhooks');
    expect(schemeFor(gitlab, 'hunter2', request).id).toBe('gitlab-token');
    // Not 32 bytes, so it can only be a token.
    expect(schemeFor(gitlab, 'whsec_YWJj', request).id).toBe('gitlab-token');
  });

  it('is taken by whichever proof is there when both are configured', async () => {
    const request = composed(gitlab, 'push');
    for (const secret of ['hunter2', SIGNING_TOKEN]) {
      const signed = signRequest(request, gitlab, { secret, eventId: 'id', at: NOON });
      expect(identifyByHeaders(signed)).toBe(gitlab);
      const secrets = ['hunter2', SIGNING_TOKEN];
      expect(outcome(await verifyRequest(signed, gitlab, { secrets, at: NOON }))).toBe('verified');
    }
  });

  it('does not send a signing token as if it were a secret token', async () => {
    const request = post('{}', [
      ['X-Gitlab-Event', 'Push Hook'],
      ['X-Gitlab-Token', SIGNING_TOKEN],
    ]);
    const options = { secrets: [SIGNING_TOKEN], at: NOON };
    expect(outcome(await verifyRequest(request, gitlab, options))).toBe('missing');
  });
});

describe('a provider that signs its products differently', () => {
  it.each([
    [cloudflare, 'stream.video.ready', 'cloudflare-stream'],
    [cloudflare, 'health_check_status_notification', 'cloudflare-notifications'],
    [coinbase, 'charge:created', 'coinbase-commerce'],
    [coinbase, 'onchain.activity.detected', 'coinbase-cdp'],
  ])('$id signs %s by its own scheme', (provider, event, scheme) => {
    expect(schemeFor(provider, 'a secret', composed(provider, event)).id).toBe(scheme);
  });
});

describe('the kind of an event that lies in the shape of its body', () => {
  const typeOf = (provider: typeof meta, payload: unknown) =>
    describeEvent(post(JSON.stringify(payload)), provider).type;

  it('of Telegram is known for every update of the list, and guessed for a new one', () => {
    for (const { event } of listFixtures('telegram')) {
      expect(typeOf(telegram, { [event]: {}, update_id: 1 })).toBe(event);
    }
    expect(typeOf(telegram, { surprise: {}, update_id: 1 })).toBe('surprise');
    expect(typeOf(telegram, { extra: {}, update_id: 1, poll: {} })).toBe('poll');
    expect(typeOf(telegram, { update_id: 1 })).toBeUndefined();
    expect(typeOf(telegram, null)).toBeUndefined();
  });

  const change = (field: string, value: unknown) => ({ entry: [{ changes: [{ field, value }] }] });
  it.each([
    ['message.sticker', change('messages', { messages: [{ type: 'sticker' }] })],
    ['status.sent', change('messages', { statuses: [{ status: 'sent' }] })],
    ['account_update', change('account_update', {})],
    ['messages', change('messages', { messages: [] })],
    [
      'postback',
      { entry: [{ messaging: [{ sender: {}, recipient: {}, timestamp: 1, postback: {} }] }] },
    ],
    [undefined, { entry: [] }],
    [undefined, []],
  ])('of Meta is %s', (type, payload) => {
    expect(typeOf(meta, payload)).toBe(type);
  });

  it('of others is found as well', () => {
    expect(typeOf(asana, { events: [] })).toBe('heartbeat');
    expect(typeOf(x, { for_user_id: '1', favorite_events: [] })).toBe('favorite_events');
    expect(typeOf(quickbooks, [{ id: '1', type: 'qbo.customer.created.v1' }])).toBe(
      'qbo.customer.created.v1',
    );
  });
});

describe('OpenAI', () => {
  it('takes a secret without whsec_ as it is', () => {
    const sign = (secret: string) =>
      signRequest(post('{}'), openai, { secret, eventId: 'wh_1', at: NOON }).headers;
    const raw = 'plain words';
    expect(sign(raw)).toEqual(sign(`whsec_${Buffer.from(raw).toString('base64')}`));
    expect(() => sign('whsec_not base64')).toThrowError(
      expect.objectContaining({ code: 'unusable-secret' }),
    );
  });
});
