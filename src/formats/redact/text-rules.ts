import { isIP } from 'node:net';
import { mask } from './mask.ts';
import type { StandIns } from './stand-ins.ts';
import type { Kind, Tally } from './tally.ts';

const EMAIL = /[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])/g;
/** Nobody's, or a program's: `git@github.com` is where everybody clones from. */
const NOBODYS = /(?:@|\.)example\.(?:com|net|org)$|\.(?:example|test|invalid)$|^git@/i;
const E164 = /(?<![\w+])\+[1-9]\d{8,14}(?!\w)/g;
const FICTION = /555-?01\d\d$/;

/** Keys of well-known services, JSON web tokens and private keys, wherever they stand. */
const TOKENS = [
  /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,})/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bwhsec_[A-Za-z0-9+/]{16,}=*/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,20000}-----END [A-Z ]{0,40}PRIVATE KEY-----/g,
];
const SECRET_IN_QUERY =
  /([?&;][\w.-]{0,40}(?:token|secret|password|signature|sig|api_?key)=)([^&#;\s"'<>]+)/gi;

/** What can be told by the look of a text alone, whatever its name is. */
export class TextRules {
  readonly #secrets: readonly string[];
  readonly #standIns: StandIns;
  readonly #tally: Tally;

  constructor(secrets: readonly string[], standIns: StandIns, tally: Tally) {
    this.#secrets = secrets;
    this.#standIns = standIns;
    this.#tally = tally;
  }

  /** The text without secrets, tokens, mail addresses and telephone numbers. */
  apply(text: string): string {
    let shown = this.withoutSecrets(text);
    for (const token of TOKENS) shown = this.#each(shown, token, 'secret', mask);
    shown = shown.replace(SECRET_IN_QUERY, (_, name: string, value: string) => {
      this.#count('secret', value, mask(value));
      return name + mask(value);
    });
    if (shown.includes('@')) {
      shown = this.#each(shown, EMAIL, 'email', (found) => this.email(found));
    }
    return shown.includes('+')
      ? this.#each(shown, E164, 'phone', (found) => this.phone(found))
      : shown;
  }

  /** Only what is known to be secret; for bytes of which nobody knows what they mean. */
  withoutSecrets(text: string): string {
    let shown = text;
    for (const secret of this.#secrets) {
      if (!shown.includes(secret)) continue;
      this.#tally.add('secret');
      shown = shown.replaceAll(secret, mask(secret));
    }
    return shown;
  }

  email = (value: string): string => (NOBODYS.test(value) ? value : this.#standIns.email(value));

  phone = (value: string): string =>
    FICTION.test(value.replace(/[() ]/g, '')) ? value : this.#standIns.phone(value);

  /** An address on the internet; those of this machine tell nothing. */
  ip = (value: string): string =>
    isIP(value) === 0 || /^(?:127\.|0\.|192\.0\.2\.|::1$|::$|2001:db8:)/i.test(value)
      ? value
      : this.#standIns.ip(value);

  #each(text: string, pattern: RegExp, kind: Kind, standIn: (found: string) => string): string {
    return text.replace(pattern, (found) => this.#count(kind, found, standIn(found)));
  }

  #count(kind: Kind, found: string, shown: string): string {
    if (shown !== found) this.#tally.add(kind);
    return shown;
  }
}
