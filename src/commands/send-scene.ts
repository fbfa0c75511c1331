import { HookcliError } from '../core/errors.ts';
import { seededRandom, systemRandom } from '../core/ids.ts';
import type { Provider, Random } from '../core/types.ts';
import { type Prepared, prepare } from '../deliver/prepare.ts';
import { parseSpoil } from '../deliver/spoil.ts';
import { editsForEach } from '../fixtures/edits.ts';
import { readScene, type Scene } from '../fixtures/stories.ts';
import { providers } from '../providers/index.ts';
import { type CommandContext, note } from './context.ts';
import { ownFixtures } from './own-fixtures.ts';
import { dataOf, editsOf, headersOf, methodOf } from './payload.ts';
import { publicUrlOf } from './proof.ts';

// Seeded bodies are dated here, since they are to be the same whenever they are made.
const SEEDED_TIME = new Date('2026-01-01T00:00:00Z');

/** One event of what is sent, made when its turn comes. */
export interface Turn {
  readonly event: string;
  make(): Prepared;
}

/** What `send` delivers: one event, or those of a story, which belong together. */
export interface Sending {
  readonly isStory: boolean;
  readonly isSpoiled: boolean;
  readonly stepCount: number;
  /** Repeatable from the seed, where one is given. */
  readonly random: Random;
  /** The events of one round, in their order; those of a further round have ids of their own. */
  round(): readonly Turn[];
}

export interface Signing {
  readonly url: string;
  readonly secrets: readonly string[];
}

/**
 * Reads what is to be sent, with all that the user wants to be otherwise, before anything goes out.
 *
 * @throws HookcliError for an unknown event, or an option that means nothing
 */
export async function readSending(
  context: CommandContext,
  provider: Provider,
  name: string,
): Promise<(signing: Signing) => Sending> {
  const { options } = context;
  const spoilText = options.text('spoil');
  const spoil = spoilText === undefined ? undefined : parseSpoil(spoilText);
  const method = methodOf(context);
  const publicUrl = publicUrlOf(context);
  const headers = headersOf(context);
  const edits = editsOf(context);
  checkForm(context, provider);
  const otherType = headers.some(([n, value]) => /^content-type$/i.test(n) && !/json/i.test(value));
  const data = await dataOf(context, otherType);
  const scene: Scene | undefined =
    data === undefined ? readScene(provider.id, name, ownFixtures(context)) : undefined;
  const isStory = scene?.story !== undefined;
  const eventId = options.text('id');
  if (isStory && eventId !== undefined) {
    throw new HookcliError(
      'bad-usage',
      `--id: ${name} is a story, and each event has its own id.`,
      {
        hint: `Send one of them with it: hookcli fixtures ${provider.id} ${name}`,
      },
    );
  }
  const steps =
    scene === undefined
      ? [{ event: name, content: { bytes: data as Buffer }, beforeMs: 0 }]
      : scene.steps.map(({ fixture, beforeMs }) => ({
          event: fixture.event,
          content: fixture,
          beforeMs,
        }));
  const stepEdits =
    scene !== undefined && isStory
      ? editsForEach(
          scene.steps.map(({ fixture }) => fixture.template),
          edits,
        )
      : [edits];

  const at = options.instant('at', new Date());
  const seed = options.integer('seed', { min: 0, max: Number.MAX_SAFE_INTEGER });
  const random: Random = seed === undefined ? systemRandom : seededRandom(String(seed));
  const warned = new Set<string>();
  const onWarning = (message: string) => {
    if (!warned.has(message)) note(context, `warning: --set: ${message}`);
    warned.add(message);
  };

  return ({ url, secrets }) => ({
    isStory,
    isSpoiled: spoil !== undefined,
    stepCount: steps.length,
    random,
    round() {
      const shared = new Map<string, string | number>();
      const end = at ?? (seed === undefined ? new Date() : SEEDED_TIME);
      return steps.map(({ event, content, beforeMs }, i) => ({
        event,
        make: () =>
          prepare({
            provider,
            event,
            content,
            edits: stepEdits[i] ?? [],
            onWarning,
            shared,
            headers,
            method,
            url,
            form: options.flag('form'),
            random,
            at: new Date(end.getTime() - beforeMs),
            signedAt: at ?? new Date(),
            ...publicUrl,
            secret: secrets[0] ?? '',
            moreSecrets: secrets.slice(1),
            ...(eventId === undefined ? {} : { eventId }),
            ...(spoil === undefined ? {} : { spoil }),
          }),
      }));
    },
  });
}

function checkForm({ options }: CommandContext, provider: Provider): void {
  if (!options.flag('form') || provider.form) return;
  throw new HookcliError('bad-option', `--form: ${provider.title} sends no forms.`, {
    hint: `It can go with: ${providers.flatMap(({ id, form }) => (form ? [id] : [])).join(', ')}.`,
  });
}
