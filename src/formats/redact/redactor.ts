import { withHeader } from '../../core/headers.ts';
import type {
  Attempt,
  Delivery,
  Header,
  Provider,
  RawRequest,
  RecordedEvent,
} from '../../core/types.ts';
import { BodyRules, type Content } from './bodies.ts';
import { HeaderRules } from './headers.ts';
import { secretTexts } from './secret-texts.ts';
import { StandIns } from './stand-ins.ts';
import { Tally } from './tally.ts';
import { TextRules } from './text-rules.ts';

export interface RedactorOptions {
  /** All that are configured, whoever they belong to. */
  readonly secrets: Iterable<string>;
  readonly providerOf: (id: string) => Provider | undefined;
}

/**
 * Takes out of events what is nobody else's business, so that they can be shown to others. A handler
 * still reads them: every value is replaced by one of the same form. What was signed is not signed
 * any more.
 */
export class Redactor {
  readonly tally = new Tally();
  readonly #providerOf: RedactorOptions['providerOf'];
  readonly #text: TextRules;
  readonly #headers: HeaderRules;
  readonly #bodies: BodyRules;

  constructor({ secrets, providerOf }: RedactorOptions) {
    const standIns = new StandIns();
    this.#providerOf = providerOf;
    this.#text = new TextRules(secretTexts(secrets), standIns, this.tally);
    this.#headers = new HeaderRules(this.#text, this.tally);
    this.#bodies = new BodyRules(this.#text, standIns, this.tally);
  }

  redact(event: RecordedEvent): RecordedEvent {
    const provider = this.#providerOf(event.provider);
    const { verdict } = event;
    return {
      ...event,
      verdict: { ...verdict, ...this.#said(verdict) },
      request: this.#request(event.request, provider),
      deliveries: event.deliveries.map((delivery) => this.#delivery(delivery, provider)),
    };
  }

  #said(texts: { readonly detail?: string; readonly hint?: string }): object {
    return Object.fromEntries(
      (['detail', 'hint'] as const).flatMap((name) => {
        const text = texts[name];
        return text === undefined ? [] : [[name, this.#text.apply(text)]];
      }),
    );
  }

  #request(request: RawRequest, provider: Provider | undefined): RawRequest {
    return {
      method: request.method,
      url: this.#text.apply(request.url),
      ...this.#content(request, provider),
    };
  }

  #content({ headers, body }: Content, provider: Provider | undefined): Content {
    const shown = this.#bodies.apply({ headers, body });
    const redacted = this.#headers.apply(shown.headers, provider);
    const { length } = shown.body;
    return {
      headers: length === body.length ? redacted : withLength(redacted, length),
      body: shown.body,
    };
  }

  #delivery(delivery: Delivery, provider: Provider | undefined): Delivery {
    return {
      ...delivery,
      endpoint: this.#text.apply(delivery.endpoint),
      attempts: delivery.attempts.map((attempt) => this.#attempt(attempt, provider)),
    };
  }

  #attempt(attempt: Attempt, provider: Provider | undefined): Attempt {
    const { outcome } = attempt;
    if (outcome.kind === 'failed') {
      return { ...attempt, outcome: { ...outcome, message: this.#text.apply(outcome.message) } };
    }
    return { ...attempt, outcome: { ...outcome, ...this.#content(outcome, provider) } };
  }
}

/** The length that is told is that of the body there is now. */
const withLength = (headers: readonly Header[], length: number): readonly Header[] =>
  headers.reduce<readonly Header[]>(
    (all, [name]) =>
      name.toLowerCase() === 'content-length' ? withHeader(all, name, String(length)) : all,
    headers,
  );
