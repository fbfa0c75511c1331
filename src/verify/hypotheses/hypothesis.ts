import type { Provider, RawRequest, Scheme, VerifyOptions } from '../../core/types.ts';

/** Every true cause of a rejection that can be told. */
export const CAUSES = [
  'secret-whitespace',
  'secret-quotes',
  'secret-prefix',
  'secret-encoding',
  'secret-url-encoded',
  'api-key',
  'other-endpoint-secret',
  'other-provider-secret',
  'other-provider',
  'body-newline',
  'body-line-endings',
  'body-byte-order-mark',
  'body-whitespace',
  'body-charset',
  'body-compressed',
  'body-wrapped',
  'body-reserialised',
  'body-parsed',
  'body-empty',
  'header-missing',
  'header-renamed',
  'header-doubled',
  'header-empty',
  'header-truncated',
  'header-prefix',
  'header-encoding',
  'header-algorithm',
  'header-case',
  'header-format',
  'timestamp-unit',
  'timestamp-format',
  'stale',
  'early',
  'url-scheme',
  'url-host',
  'url-port',
  'url-path',
  'url-query',
] as const;

export type Cause = (typeof CAUSES)[number];

/** Why a signature was rejected, and what to change. Never holds a secret or a signature of ours. */
export interface Explanation {
  readonly cause: Cause;
  readonly detail: string;
  readonly hint: string;
}

/** A provider that is set up beside the one that was verified with, and its secrets. */
export interface OtherSecrets {
  readonly provider: Provider;
  readonly secrets: readonly string[];
}

export interface ExplainOptions extends VerifyOptions {
  /** Every other secret that is configured: the request may have been made with one of them. */
  readonly others?: readonly OtherSecrets[];
  /** The id of the captured event, where there is one to look more closely at. */
  readonly capturedAs?: string;
}

/** A rejected request with all that it was judged by. */
export interface Case {
  readonly request: RawRequest;
  readonly provider: Provider;
  /** The one that rejected it. */
  readonly scheme: Scheme;
  readonly options: ExplainOptions;
}

/** The one thing that is made different before the request is judged again. */
export interface Change {
  readonly request?: RawRequest;
  readonly provider?: Provider;
  readonly options?: Partial<VerifyOptions>;
  /** The whole URL, as if the request had asked for it. */
  readonly url?: string;
}

/** What may have gone wrong: true when the request, so changed, is genuine. */
export interface Hypothesis extends Explanation {
  readonly change: Change;
  /** True where it is proof enough that the scheme then finds the form of everything right. */
  readonly isOfForm?: boolean;
}

/** Another body that may be the one that was signed, and what became of it. */
export interface OtherBody {
  readonly cause: Cause;
  readonly body: Uint8Array;
  readonly detail: string;
  /** Where the usual one does not fit. */
  readonly hint?: string;
}
