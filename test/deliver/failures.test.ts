import { expect, it } from 'vitest';
import { failedOutcome } from '../../src/deliver/transport.ts';

const coded = (code: string, message = 'it broke') => Object.assign(new Error(message), { code });

it.each([
  ['ECONNREFUSED', 'refused', 'refused'],
  ['ENOTFOUND', 'unresolved', 'unresolved'],
  ['EAI_AGAIN', 'unresolved', 'unresolved'],
  ['EHOSTUNREACH', 'unreachable', 'unreachable'],
  ['ETIMEDOUT', 'unreachable', 'unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'unreachable', 'unreachable'],
  ['ECONNRESET', 'reset', 'incomplete'],
  ['EPIPE', 'reset', 'incomplete'],
  ['UND_ERR_SOCKET', 'reset', 'incomplete'],
  ['HPE_INVALID_EOF_STATE', 'reset', 'incomplete'],
  ['HPE_INVALID_CONSTANT', 'malformed', 'malformed'],
  ['HPE_HEADER_OVERFLOW', 'too-large', 'too-large'],
  ['UND_ERR_HEADERS_OVERFLOW', 'too-large', 'too-large'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'tls'],
  ['EPROTO', 'tls', 'tls'],
  ['EMFILE', 'aborted', 'aborted'],
  ['UND_ERR_INVALID_ARG', 'aborted', 'aborted'],
  ['SOMETHING_NEW', 'reset', 'incomplete'],
])('%s is %s before an answer and %s in one', (code, before, within) => {
  expect(failedOutcome(coded(code), false)).toMatchObject({ kind: 'failed', failure: before });
  expect(failedOutcome(coded(code), true)).toMatchObject({ kind: 'failed', failure: within });
});

it('takes of several addresses the one that says most', () => {
  const all = new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED', 'at 127.0.0.1')]);
  expect(failedOutcome(all, false)).toEqual({
    kind: 'failed',
    failure: 'refused',
    message: 'at 127.0.0.1 (ECONNREFUSED)',
  });
  expect(failedOutcome(new AggregateError([]), false)).toMatchObject({ failure: 'reset' });
});
