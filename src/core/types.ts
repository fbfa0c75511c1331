/** The vocabulary of the house. Imports nothing; every other file speaks these words. */

/** One header line as it was on the wire: case kept, value as latin1 text (one char a byte). */
export type Header = readonly [name: string, value: string];

/**
 * One HTTP request, byte for byte. Header order, case and duplicates are kept, and the body is
 * never parsed and re-serialised. `url` is the request target as received (`/webhook/stripe?x=1`)
 * or, for a request of our own making, the absolute URL it goes to.
 */
export interface RawRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

/** Where a provider puts a value. The receiver reads it, the sender writes it. */
export interface Place {
  readonly in: 'header' | 'json' | 'form' | 'query';
  /** A header, form or query name, or a dotted path into the JSON body. */
  readonly name: string;
}

export type RejectReason =
  /** The header (or field) that carries the proof is not there. */
  | 'missing'
  /** It is there, but not in the form the scheme prescribes. */
  | 'malformed'
  /** It is there more than once, so that two readers could disagree on which one counts. */
  | 'ambiguous'
  /** Well-formed, but made with another secret or over other bytes. */
  | 'mismatch'
  /** Genuine, but older than the tolerance. */
  | 'stale'
  /** Dated further ahead than the tolerance. */
  | 'early'
  /** Only a proof too weak to be trusted was offered. */
  | 'downgrade';

export type UncheckedReason = 'no-secret' | 'unknown-provider' | 'handshake';

/** What we know about the origin of a request. A bad signature is a verdict, never an exception. */
export type Verdict =
  | { readonly status: 'verified'; readonly scheme: string; readonly detail?: string }
  | {
      readonly status: 'rejected';
      readonly scheme: string;
      readonly reason: RejectReason;
      readonly detail: string;
      readonly hint?: string;
    }
  | {
      readonly status: 'unchecked';
      readonly scheme?: string;
      readonly reason: UncheckedReason;
      readonly detail: string;
      readonly hint?: string;
    };

/** Randomness as an argument: real, or repeatable from a seed. */
export interface Random {
  /** @param count number of bytes */
  bytes(count: number): Uint8Array;
}

export interface SignOptions {
  readonly secret: string;
  /** Further ones during a rotation, for schemes whose proof can hold several signatures. */
  readonly moreSecrets?: readonly string[];
  /** The provider's id of the event; schemes that cover an id sign this one. */
  readonly eventId: string;
  readonly at: Date;
  /** As in `VerifyOptions`. */
  readonly publicUrl?: string;
}

export interface VerifyOptions {
  /** Tried in turn, all of them; more than one during a rotation. */
  readonly secrets: readonly string[];
  /** The verifier's clock. */
  readonly at: Date;
  /** How old a signed timestamp may be, in milliseconds. The scheme's own default when absent. */
  readonly toleranceMs?: number;
  /** The address the provider knows, for schemes that cover it: an origin, or the whole URL. */
  readonly publicUrl?: string;
  /** PEM of the certificate the proof was made with, where the scheme has one. */
  readonly certificate?: string;
  /** Fetches the PEM at an address the scheme has found to be the provider's own. */
  readonly fetchCertificate?: (url: string) => Promise<string>;
  /**
   * Reads a secret as the bytes of a key in place of the scheme's own way, where that is the text
   * itself: to find out whether the sender reads it otherwise.
   */
  readonly keyOf?: (secret: string) => Uint8Array;
}

/**
 * A way to prove who sent a request. Signing takes a request and returns a request, since some
 * providers sign in the body or the URL.
 * Law: `verify(sign(r))` is verified; spoil any signed byte, the secret or the time and it is not.
 */
export interface Scheme {
  readonly id: string;
  /** What is signed, in words: shown by `hookcli providers <id>`. */
  readonly covers: string;
  /** Where the proof and what belongs to it travel; the first one is the proof itself. */
  readonly carriers: readonly Place[];
  /** Default age, in milliseconds, at which a signed timestamp is stale. Absent: nothing is dated. */
  readonly toleranceMs?: number;
  /** True for a scheme that is recognised and shown but never enough to verify. */
  readonly legacy?: boolean;
  /** True where the public URL is signed too, so that a wrong one looks like a wrong signature. */
  readonly coversUrl?: true;
  /** True where the proof says nothing about the body: another body under it passes. */
  readonly bodyUnsigned?: boolean;
  /** Whether the provider signs this request in this way; every request when absent. */
  appliesTo?(request: RawRequest): boolean;
  /** What is wrong with this secret, or undefined when it can be used. */
  secretFault(secret: string): string | undefined;
  sign(request: RawRequest, options: SignOptions): RawRequest;
  /** One request with the signatures of all, which differ in nothing else; absent where only one fits. */
  combine?(signed: readonly RawRequest[]): RawRequest;
  verify(request: RawRequest, options: VerifyOptions): Verdict | Promise<Verdict>;
}

export type RetrySchedule =
  | { readonly kind: 'none' }
  /** Waits before each further attempt, in milliseconds. */
  | { readonly kind: 'delays'; readonly delaysMs: readonly number[] }
  /** Ever longer waits the provider does not publish, for this long in all. */
  | { readonly kind: 'backoff'; readonly forMs: number };

export interface Identify {
  /** All of these headers must be there (lower case); with a pattern, one of its values must match. */
  readonly headers: Readonly<Record<string, RegExp | true>>;
  /** None of these may be there (lower case). */
  readonly without?: readonly string[];
  /** All of these places of the body or the query must hold text, and match where there is a pattern. */
  readonly body?: readonly (readonly [place: Place, pattern?: RegExp])[];
  /** Another look of the provider's requests, where it has several. */
  readonly or?: Identify;
}

export interface EventPlaces {
  /** Parts of the event's name, joined with a dot; parts that are absent are left out. */
  readonly type: readonly Place[];
  /** The event's name, where it lies in the shape of the request rather than at a place. */
  readonly typeOf?: (
    payload: unknown,
    read: (place: Place) => string | undefined,
  ) => string | undefined;
  /** What stays the same when the provider delivers the event again; absent when nothing does. */
  readonly id?: Place;
  /** What names one delivery. */
  readonly delivery?: Place;
  /** Where else to look for what is not found there. */
  readonly fallback?: EventPlaces;
}

/** What a receiver answers in a handshake. */
export interface HandshakeAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
}

/** A request by which a provider finds out whether a receiver is there and knows what it should. */
export interface Handshake {
  /** The provider's word for it, such as `url_verification`. */
  readonly id: string;
  /** True where the provider signs it as it signs an event. */
  readonly isSigned: boolean;
  /** Where the provider hands over the secret with which it signs from then on. */
  readonly handsOver?: Place;
  /** Where the provider also sends it falsely signed: the status by which it wants to be refused. */
  readonly refusal?: number;
  recognise(request: RawRequest): boolean;
  /** The answer of a good receiver; the secrets are those of the provider. */
  answer(request: RawRequest, secrets: readonly string[]): HandshakeAnswer;
  /**
   * The request by which the provider begins it, without its signature.
   *
   * @param url absolute address of the endpoint
   */
  challenge(
    url: string,
    options: { readonly random: Random; readonly at: Date; readonly secret: string },
  ): RawRequest;
  /** What is wrong with a receiver's answer, or undefined; by default it must be as `answer` gives it. */
  fault?(
    given: HandshakeAnswer,
    request: RawRequest,
    secrets: readonly string[],
  ): string | undefined;
}

export interface Provider {
  readonly id: string;
  readonly title: string;
  /** The provider's own page on webhooks. */
  readonly docs: string;
  /** Ways the provider signs; the first is the one we sign with. */
  readonly schemes: readonly Scheme[];
  readonly secret: {
    /** Names under which people already keep this secret in the environment, most usual first. */
    readonly env: readonly string[];
    /** What the developer is looking for, in the provider's own words. */
    readonly kind: string;
    /** Makes a secret in the provider's own format; of a key pair, the private key. */
    generate(random: Random): string;
    /** What a handler needs of a private key: the public one, or the certificate. */
    publicPart?(secret: string): string;
    /**
     * The secret to sign with where the user gave one that can only verify, and it belongs to the
     * private key that is kept here; else what was given.
     */
    pair?(given: string, own: string): string;
    /** The variable in which a handler looks for the public part; the first of `env` when absent. */
    readonly publicEnv?: string;
    /** Other variables that a handler needs beside it. */
    alsoInEnv?(secret: string): Record<string, string>;
  };
  readonly identify: Identify;
  readonly event: EventPlaces;
  /** Makes an id of an event in the provider's own format. */
  eventId(random: Random): string;
  /** What every real delivery carries beside the signature; values may have the holes of fixtures. */
  readonly headers: readonly Header[];
  /** What deliveries of one event carry beside those. */
  readonly headersOf?: (event: string) => readonly Header[];
  /** How long the provider waits for an answer, in milliseconds. Absent: not published. */
  readonly deadlineMs?: number;
  readonly retries: RetrySchedule;
  /** Which answers count as delivered, in words, and which end the retries; any 2xx when absent. */
  readonly success?: string;
  /**
   * How the provider serialises its JSON; `escaped` is compact with `\\/` and `\\uXXXX`, `lines`
   * compact with CRLF after each item of a list and at the end.
   */
  readonly bodyStyle: 'compact' | 'pretty' | 'escaped' | 'lines';
  readonly handshakes?: readonly Handshake[];
  /** Addresses it sends from, where they are published. */
  readonly sourceIps?: {
    /** In CIDR notation. */
    readonly ranges: readonly string[];
    /** Day they were read, as in `2026-11-25`. */
    readonly asOf: string;
    /** Where the provider publishes them for programs. */
    readonly url?: string;
  };
  /** True where the provider can be told to send `payload=<urlencoded JSON>` instead of JSON. */
  readonly form?: boolean;
}

export type Source = 'received' | 'sent' | 'imported';
/** Why a delivery was made. */
export type Cause = 'forward' | 'send' | 'replay' | 'check';

export type Failure =
  | 'refused'
  | 'unresolved'
  | 'unreachable'
  | 'reset'
  | 'incomplete'
  | 'malformed'
  | 'too-large'
  | 'timeout'
  | 'tls'
  | 'aborted';

export type Outcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: readonly Header[];
      readonly body: Uint8Array;
    }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly message: string };

/** One HTTP exchange with an endpoint. */
export interface Attempt {
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly outcome: Outcome;
}

/** Bringing one event to one endpoint, in as many attempts as it takes. */
export interface Delivery {
  readonly cause: Cause;
  readonly endpoint: string;
  readonly attempts: readonly Attempt[];
}

/** A request that came in (or went out) and was recorded. */
export interface CapturedEvent {
  readonly id: string;
  readonly at: Date;
  readonly source: Source;
  /** A provider's id, or `unknown`. */
  readonly provider: string;
  readonly type?: string;
  readonly eventId?: string;
  readonly deliveryId?: string;
  /** The handshake this request is, by the provider's word for it. */
  readonly handshake?: string;
  readonly verdict: Verdict;
  /** The captured event that first brought this provider event. */
  readonly duplicateOf?: string;
  readonly request: RawRequest;
}

/** A captured event together with all that was done with it since. */
export interface RecordedEvent extends CapturedEvent {
  /** True when no pruning removes it. */
  readonly pinned?: true;
  readonly deliveries: readonly Delivery[];
}

/** What a pipe tells its watchers; the same words as in the JSON lines. */
export type Happening =
  | {
      readonly kind: 'listening';
      readonly url: string;
      readonly forward: readonly string[];
      readonly dashboard?: string;
    }
  | { readonly kind: 'event'; readonly event: CapturedEvent }
  | { readonly kind: 'delivery'; readonly event: CapturedEvent; readonly delivery: Delivery }
  | {
      readonly kind: 'trouble';
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
    };

/** Watches a pipe. Never throws into it and never makes it wait. */
export type Sink = (happening: Happening) => void;
