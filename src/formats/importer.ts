import { createHash } from 'node:crypto';
import { HookcliError } from '../core/errors.ts';
import { importedId } from '../core/ids.ts';
import { LIMITS } from '../core/limits.ts';
import type { CapturedEvent, Delivery, Provider, RawRequest, Verdict } from '../core/types.ts';
import type { Store } from '../store/store-type.ts';
import { describeEvent } from '../verify/describe-event.ts';
import { identify } from '../verify/identify.ts';
import { assertBounded, refused } from './bounds.ts';
import type { DeliveryPart, Found, Theirs } from './found.ts';
import type { Piece } from './json-lines.ts';
import type { KnownIds } from './known-ids.ts';
import { readDelivery } from './read-delivery.ts';
import { readHarEntry } from './read-har.ts';
import { readLine } from './read-line.ts';

export interface ImporterOptions {
  readonly store: Store;
  /** The events that the store has. */
  readonly known: KnownIds;
  /** Those that come in by this import. */
  readonly added: KnownIds;
  readonly isHar: boolean;
  /** The time of an event that does not tell its own. */
  readonly at: Date;
  /** Who sent what nobody recognises. */
  readonly provider: Provider | undefined;
  readonly maxBodyBytes: number;
  /** Judges a request as of the moment it came; undefined where that is not known. */
  readonly verify: (
    request: RawRequest,
    provider: Provider,
    at: Date | undefined,
  ) => Promise<Verdict>;
}

export interface ImportCounts {
  imported: number;
  /** Were in the store already. */
  known: number;
  /** Are no events, such as the pages a browser asked for. */
  passedOver: number;
  bad: number;
}

const MOST_WAITING = 256;
const MOST_WAITING_BYTES = 8 * 1_048_576;

/** Brings what a file tells into a store, each event once however often the file is read. */
export class Importer {
  readonly counts: ImportCounts = { imported: 0, known: 0, passedOver: 0, bad: 0 };
  readonly #options: ImporterOptions;
  readonly #repeated = new Map<string, number>();
  #open: { readonly event: CapturedEvent; readonly deliveries: Delivery[] } | undefined;
  #waiting: Promise<void>[] = [];
  #waitingBytes = 0;

  constructor(options: ImporterOptions) {
    this.#options = options;
  }

  /**
   * Takes one text of the file.
   *
   * @returns why it could not be taken, if so
   * @throws HookcliError of the store, or `newer-format`
   */
  async take(piece: Piece): Promise<string | undefined> {
    try {
      if ('fault' in piece) throw refused(piece.fault);
      await this.#put(this.#read(piece.bytes));
      return undefined;
    } catch (error) {
      const fault = faultOf(error);
      this.counts.bad++;
      return fault;
    }
  }

  /** Resolves when all that was taken is in the store. */
  async finish(): Promise<void> {
    await this.#closeOpen();
    await this.#settle();
  }

  #read(bytes: Buffer): Found {
    const text = bytes.toString('utf8').replace(/^\ufeff/, '');
    const value: unknown = JSON.parse(text.trimEnd());
    const { isHar, at, provider } = this.#options;
    return isHar ? readHarEntry(value) : readLine(value, bytes, { at, provider });
  }

  async #put(found: Found): Promise<void> {
    if (found.kind === 'part') return this.#putPart(found.event, found.part);
    await this.#closeOpen();
    switch (found.kind) {
      case 'ours':
        return this.#append(found.event, found.deliveries);
      case 'theirs':
        return this.#putTheirs(found);
      case 'delivery':
        return this.#putDelivery(found.eventId, found.value);
      case 'other':
        this.counts.passedOver++;
    }
  }

  /** Several entries of a HAR may be of one event, and several of them of one delivery. */
  async #putPart(event: CapturedEvent, part: DeliveryPart | undefined): Promise<void> {
    assertBounded(event, this.#options.maxBodyBytes);
    if (this.#open?.event.id !== event.id) {
      await this.#closeOpen();
      this.#open = { event, deliveries: [] };
    }
    if (part === undefined) return;
    const { deliveries } = this.#open;
    const { number, ...delivery } = part;
    const before = deliveries[number];
    if (before !== undefined) {
      deliveries[number] = { ...before, attempts: [...before.attempts, ...delivery.attempts] };
    } else if (number === deliveries.length) deliveries.push(delivery);
    else throw refused('its delivery does not follow the one before');
  }

  async #closeOpen(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) await this.#append(open.event, open.deliveries);
  }

  async #append(event: CapturedEvent, deliveries: readonly Delivery[]): Promise<void> {
    const { store, known, added, maxBodyBytes } = this.#options;
    assertBounded(event, maxBodyBytes);
    if (known.has(event.id) || !added.add(event.id)) {
      this.counts.known++;
      return;
    }
    this.counts.imported++;
    const { length } = event.request.body;
    const writing = store.append(event);
    await this.#write(writing, length);
    // A large body is written before its event, and a delivery is read only behind its event.
    if (length > LIMITS.inlineBodyBytes && deliveries.length > 0) await writing;
    for (const delivery of deliveries)
      await this.#write(store.appendDelivery(event.id, delivery), 0);
  }

  async #putTheirs(theirs: Theirs): Promise<void> {
    const { request, isBare = false, deliveries } = theirs;
    const provider = theirs.provider ?? identify(request) ?? this.#options.provider;
    const at = theirs.at ?? this.#options.at;
    const id = this.#idOf(request, theirs.at, at);
    if (id === undefined) {
      this.counts.known++;
      return;
    }
    const event: CapturedEvent = {
      id,
      at,
      source: 'imported',
      provider: provider?.id ?? 'unknown',
      ...(provider === undefined ? {} : describeEvent(request, provider)),
      verdict: await this.#judge(request, provider, isBare, theirs.at),
      request,
    };
    await this.#append(event, deliveries);
  }

  /** The same request in the same file gets the same id, whenever it is read; none when it is there. */
  #idOf(request: RawRequest, told: Date | undefined, at: Date): string | undefined {
    const { known, added } = this.#options;
    const content = digestOf(request, told);
    const key = content.toString('base64');
    for (let count = this.#repeated.get(key) ?? 0; ; count++) {
      const tail = createHash('sha256').update(content).update(String(count)).digest();
      const id = importedId(at, tail);
      if (added.has(id)) continue;
      if (count > 0) this.#repeated.set(key, count + 1);
      if (!known.has(id)) return id;
      // It counts as taken, so that the next one like it is known as the second.
      added.add(id);
      return undefined;
    }
  }

  async #judge(
    request: RawRequest,
    provider: Provider | undefined,
    isBare: boolean,
    told: Date | undefined,
  ): Promise<Verdict> {
    if (provider === undefined) {
      const detail = 'Nobody recognises the imported request.';
      return { status: 'unchecked', reason: 'unknown-provider', detail };
    }
    if (isBare) {
      const detail = 'The payload was imported without its headers, so there is no signature.';
      return { status: 'unchecked', reason: 'no-secret', detail };
    }
    return this.#options.verify(request, provider, told);
  }

  async #putDelivery(eventId: string, value: object): Promise<void> {
    const { store, added, at } = this.#options;
    const delivery = readDelivery(value, at);
    // Those of an event that was there before came with it then.
    if (added.has(eventId)) await this.#write(store.appendDelivery(eventId, delivery), 0);
  }

  async #write(writing: Promise<void>, bytes: number): Promise<void> {
    // What goes wrong is heard of when all that wait are looked at.
    writing.catch(() => {});
    this.#waiting.push(writing);
    this.#waitingBytes += bytes;
    if (this.#waiting.length >= MOST_WAITING || this.#waitingBytes > MOST_WAITING_BYTES) {
      await this.#settle();
    }
  }

  async #settle(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    await Promise.all(waiting);
  }
}

function faultOf(error: unknown): string {
  if (error instanceof SyntaxError) return `Not JSON: ${error.message}`;
  // To write down what is nested some thousand times over takes more stack than there is.
  if (error instanceof RangeError) return 'Not taken: it is nested too deeply.';
  if (error instanceof HookcliError && error.code === 'bad-event') return error.message;
  throw error;
}

function digestOf({ method, url, headers, body }: RawRequest, told: Date | undefined): Buffer {
  const head = JSON.stringify([told?.getTime() ?? null, method, url, headers]);
  return createHash('sha256').update(head).update('\n').update(body).digest();
}
