import { EXIT, type ExitCode, HookcliError } from '../core/errors.ts';
import { LIMITS, parseSize } from '../core/limits.ts';
import type { Provider, RawRequest, Verdict } from '../core/types.ts';
import { longestText } from '../formats/bounds.ts';
import { harEntryTexts, isHar } from '../formats/har-entries.ts';
import { Importer } from '../formats/importer.ts';
import { jsonTexts, type Piece } from '../formats/json-lines.ts';
import { KnownIds } from '../formats/known-ids.ts';
import type { JsonLines } from '../sinks/json.ts';
import { readNewest } from '../store/read.ts';
import { safe } from '../terminal/safe.ts';
import { verifyRequest } from '../verify/verify.ts';
import { type CommandContext, jsonOf, note, type RunCommand, storeOf } from './context.ts';
import { type ImportSource, importSource } from './import-source.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { ProgressBar } from './progress.ts';
import { providerOf, secretsOf } from './proof.ts';

/** Further lines that cannot be read are only counted. */
const MOST_TOLD = 20;

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options, args } = context;
  const name = args[0] ?? '-';
  const id = options.text('provider');
  const maxBody = options.text('maxBody');
  const maxBodyBytes = maxBody === undefined ? LIMITS.bodyBytes : parseSize(maxBody, '--max-body');
  const provider = id === undefined ? undefined : providerOf(context, id);
  const verify = verifier(context);
  const source = importSource(context, name);
  const { start, chunks } = await peek(source);
  const store = storeOf(context);
  const importer = new Importer({
    store,
    known: knownIds(store.dir),
    added: new KnownIds(),
    isHar: isHar(start),
    at: source.at,
    provider,
    maxBodyBytes,
    verify,
  });
  const read = isHar(start) ? harEntryTexts : jsonTexts;
  const teller = new FaultTeller(context, isHar(start) ? 'entry' : 'line', name);
  try {
    await importAll(read(chunks, longestText(maxBodyBytes)), importer, teller, source);
  } finally {
    await store.close();
  }
  return tell(context, importer, teller.lines, name);
};

async function importAll(
  pieces: AsyncIterable<Piece>,
  importer: Importer,
  teller: FaultTeller,
  { read, totalBytes }: ImportSource,
): Promise<void> {
  const { bar } = teller;
  try {
    for await (const piece of pieces) {
      const fault = await importer.take(piece);
      if (fault !== undefined) teller.tell(piece.number, fault);
      const { imported, known } = importer.counts;
      bar.show({ what: 'importing', events: imported + known, doneBytes: read.bytes, totalBytes });
    }
    await importer.finish();
  } finally {
    bar.clear();
  }
}

/** How a file begins, and all of it. */
async function peek({ chunks }: ImportSource) {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  const start = first.done ? Buffer.alloc(0) : first.value;
  async function* whole(): AsyncGenerator<Buffer> {
    yield start;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      yield next.value;
    }
  }
  return { start, chunks: whole() };
}

function knownIds(dir: string): KnownIds {
  const known = new KnownIds();
  for (const { id } of readNewest(dir, () => {})) known.add(id);
  return known;
}

function verifier(context: CommandContext) {
  const finder = secretsOf(context, true);
  const found = new Map<string, readonly string[]>();
  return (request: RawRequest, provider: Provider, at: Date | undefined): Promise<Verdict> => {
    const secrets = found.get(provider.id) ?? finder.findKnown(provider)?.secrets ?? [];
    found.set(provider.id, secrets);
    // Of a request that does not tell when it came, nobody knows how old its signature was then.
    const age = at === undefined ? { toleranceMs: Infinity } : {};
    return verifyRequest(request, provider, { secrets, at: at ?? new Date(), ...age });
  };
}

/** Says which parts of the file could not be taken. */
class FaultTeller {
  readonly bar: ProgressBar;
  readonly #context: CommandContext;
  readonly #unit: string;
  readonly #file: string;
  readonly lines: JsonLines | undefined;
  #told = 0;

  constructor(context: CommandContext, unit: string, file: string) {
    this.bar = new ProgressBar(context);
    this.#context = context;
    this.#unit = unit;
    this.#file = file === '-' ? 'standard input' : file;
    this.lines = context.options.flag('json') ? jsonOf(context) : undefined;
  }

  tell(number: number, fault: string): void {
    if (++this.#told > MOST_TOLD) return;
    const message = `${this.#unit} ${number} of ${this.#file}: ${fault}`;
    this.bar.clear();
    if (this.lines !== undefined) {
      this.lines.write({ kind: 'trouble', code: 'bad-event', message });
      return;
    }
    // A lost line is an error, which --quiet shows too.
    this.#context.stderr.write(`${safe(message)}\n`);
    if (this.#told === MOST_TOLD) note(this.#context, 'Further ones are only counted.');
  }
}

function tell(
  context: CommandContext,
  { counts }: Importer,
  lines: JsonLines | undefined,
  name: string,
): ExitCode {
  const { imported, known, passedOver, bad } = counts;
  if (lines !== undefined) {
    lines.write({ kind: 'summary', imported, known, passedOver, bad });
  } else {
    const of = (count: number, one: string, many: string) =>
      count === 0 ? [] : [`${count.toLocaleString('en-US')} ${count === 1 ? one : many}`];
    const parts = [
      `${imported.toLocaleString('en-US')} imported`,
      ...of(known, 'was there already', 'were there already'),
      ...of(passedOver, 'is no webhook', 'are no webhooks'),
      ...of(bad, 'could not be read', 'could not be read'),
    ];
    context.stdout.write(`${parts.join(', ')}\n`);
  }
  if (bad > 0) return EXIT.usage;
  if (imported + known > 0) return EXIT.ok;
  throw new HookcliError(
    'no-match',
    `There is no event in ${name === '-' ? 'standard input' : name}.`,
    {
      hint: 'It reads what hookcli export writes, HAR files, and one JSON event a line.',
      exitCode: EXIT.nothing,
    },
  );
}
