import { isIP } from 'node:net';
import type { Header, Provider } from '../../core/types.ts';
import { mask, maskProof } from './mask.ts';
import type { Tally } from './tally.ts';
import type { TextRules } from './text-rules.ts';

const SECRET =
  /(?:^|-)(?:tokens?|secret|api-?key|apikey|password|passwd|credentials?|session(?:-id)?|jwt|signature|sig|hmac|auth|authorization|authentication|cookie|csrf|xsrf)(?:-|$)/;
const NO_SECRET = /^(?:authentication-results|paypal-auth-algo)$|idempotency/;
const ADDRESSES =
  /^(?:x-forwarded-for|x-real-ip|cf-connecting-ip(?:v6)?|true-client-ip|x-client-ip|x-cluster-client-ip|fastly-client-ip|x-envoy-external-address|remote-addr|forwarded|x-original-forwarded-for)$/;

/** Puts what headers keep secret out of sight; their names, order and form stay. */
export class HeaderRules {
  readonly #text: TextRules;
  readonly #tally: Tally;

  constructor(text: TextRules, tally: Tally) {
    this.#text = text;
    this.#tally = tally;
  }

  /** @param provider whose proofs are out of sight too, whatever their names */
  apply(headers: readonly Header[], provider: Provider | undefined): Header[] {
    const proofs = new Set(
      (provider?.schemes ?? []).flatMap(({ carriers }) =>
        carriers.slice(0, 1).map(({ name }) => name.toLowerCase()),
      ),
    );
    return headers.map(([name, value]) => {
      const key = name.toLowerCase();
      const isSecret = proofs.has(key) || (SECRET.test(key) && !NO_SECRET.test(key));
      if (!isSecret) return [name, this.#plain(key, value)];
      const shown = secretValue(key, value);
      if (shown !== value) this.#tally.add('header');
      return [name, shown];
    });
  }

  #plain(key: string, value: string): string {
    if (!ADDRESSES.test(key)) return this.#text.apply(value);
    return value.replace(/[0-9a-f.:]{3,45}/gi, (found) => {
      const address = isIP(found) === 0 ? found.replace(/:\d+$/, '') : found;
      const shown = this.#text.ip(address);
      if (shown === address) return found;
      this.#tally.add('IP address');
      return shown + found.slice(address.length);
    });
  }
}

function secretValue(key: string, value: string): string {
  if (key === 'cookie' || key === 'set-cookie') {
    // Of Set-Cookie only the first is the cookie; the others tell how long it lasts.
    let isFirst = true;
    return value.replace(/([^=;\s]+)=([^;]*)/g, (pair, name: string, content: string) => {
      const isCookie = key === 'cookie' || isFirst;
      isFirst = false;
      return isCookie ? `${name}=${mask(content)}` : pair;
    });
  }
  const [, scheme = '', rest = ''] = /^([A-Za-z][\w-]{2,20} )(.+)$/s.exec(value) ?? [];
  if (/^basic $/i.test(scheme)) {
    return scheme + Buffer.from('user:password').toString('base64');
  }
  return /^(?:bearer|token|digest|negotiate|apikey|key) $/i.test(scheme)
    ? scheme + mask(rest)
    : maskProof(value);
}
