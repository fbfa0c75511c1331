import { headerValue } from '../../core/headers.ts';
import { readPlace } from '../../core/place.ts';
import type { Rejected } from '../../schemes/verdicts.ts';
import { apiKeyName } from './api-keys.ts';
import { rawBodyHint } from './bodies.ts';
import { DOUBLED_HINT, renamedIn } from './headers.ts';
import type { Case, Cause, Explanation } from './hypothesis.ts';
import { otherProviderByHeaders } from './other-providers.ts';
import { proofSuspicion } from './proof-suspicion.ts';

/** What can be seen of a request that nothing makes genuine. */
export function suspicion(it: Case, { reason }: Rejected): Explanation | undefined {
  switch (reason) {
    case 'missing':
    case 'downgrade':
      return renamedIn(it)?.explanation ?? otherProviderByHeaders(it);
    case 'malformed':
      return proofSuspicion(it);
    case 'mismatch':
      return apiKey(it) ?? lostBody(it);
    default:
      return undefined;
  }
}

function apiKey({ provider, options }: Case): Explanation | undefined {
  const name = apiKeyName(options.secrets);
  if (name === undefined) return undefined;
  return {
    cause: 'api-key',
    detail: `The secret that was given looks like ${name}, which signs no webhooks.`,
    hint: `Wanted: ${provider.secret.kind}. Set it in ${provider.secret.env[0]}.`,
  };
}

function lostBody(it: Case): Explanation | undefined {
  const { method, headers, body } = it.request;
  const text = Buffer.from(body.subarray(0, 32)).toString('latin1').trim();
  if (text === '[object Object]' || text === 'undefined') {
    return {
      cause: 'body-parsed',
      detail: `The body is the text "${text}": what a parser made of it was turned into a string.`,
      hint: rawBodyHint(it),
    };
  }
  const isPromised =
    Number(headerValue(headers, 'content-length') ?? 0) > 0 ||
    headerValue(headers, 'transfer-encoding') !== undefined ||
    headerValue(headers, 'content-type') !== undefined;
  const isNothing = body.length === 0 || (text === '{}' && isLonger(it));
  if (!isNothing || !isPromised || method === 'GET' || method === 'HEAD') return undefined;
  return {
    cause: 'body-empty',
    detail: `The body is ${body.length === 0 ? '' : 'as good as '}empty, and the signature is for another: most likely a parser has already read it.`,
    hint: rawBodyHint(it),
  };
}

/** Whether more was promised than came. */
const isLonger = ({ request: { headers, body } }: Case): boolean =>
  Number(headerValue(headers, 'content-length') ?? 0) > body.length;

/** Where the scheme itself has told the cause. */
export function plainCause(it: Case, { reason, detail, hint }: Rejected): Explanation | undefined {
  const told = (cause: Cause, otherwise: string) => ({ cause, detail, hint: hint ?? otherwise });
  switch (reason) {
    case 'missing':
    case 'downgrade':
      return isProofThere(it) ? undefined : told('header-missing', MISSING_HINT);
    case 'ambiguous':
      return told('header-doubled', DOUBLED_HINT);
    case 'stale':
      return told('stale', 'Sign it anew, or compare the clocks.');
    case 'early':
      return told('early', 'Compare the clocks of the sender and of this machine.');
    default:
      return undefined;
  }
}

/** True also where it is not in a header: what is wrong with a body is told by the scheme. */
function isProofThere({ request, provider }: Case): boolean {
  const trusted = provider.schemes.filter(({ legacy }) => !legacy);
  return trusted.some(
    ({ carriers: [proof] }) => proof?.in !== 'header' || readPlace(request, proof) !== undefined,
  );
}

const MISSING_HINT =
  'Look for what removes it: a proxy that passes on only known headers, a test client that does not sign; nginx drops names with an underscore.';
