import { formatDuration } from '../core/clock.ts';
import { EXIT, type HookcliError } from '../core/errors.ts';
import { systemRandom } from '../core/ids.ts';
import type { Provider } from '../core/types.ts';
import { composeRequest } from '../deliver/compose.ts';
import { type About, readAbout, type Story } from '../fixtures/about.ts';
import {
  type FixtureFile,
  fixtureFiles,
  fixtureProviders,
  type OwnFolders,
} from '../fixtures/read.ts';
import { readScene, type Step } from '../fixtures/stories.ts';
import { bodyJson } from '../store/record.ts';
import { safe } from '../terminal/safe.ts';
import { table } from '../terminal/table.ts';
import { type CommandContext, jsonOf, note, type RunCommand } from './context.ts';
import { ownFixtures } from './own-fixtures.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { providerOf } from './proof.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const [id, name] = context.args;
  const provider = id === undefined ? undefined : providerOf(context, id);
  const own = ownFixtures(context);
  if (provider === undefined || name === undefined) {
    listAll(context, provider === undefined ? fixtureProviders(own) : [provider.id], own);
    return EXIT.ok;
  }
  const { story, steps } = readScene(provider.id, name, own);
  const about = readAbout(provider.id, own);
  if (story !== undefined) showStory(context, story, steps, about);
  else showEvent(context, provider, steps[0] as Step, about);
  return EXIT.ok;
};

function listAll(context: CommandContext, ids: readonly string[], own: OwnFolders): void {
  const { options, stdout, theme } = context;
  const lines = options.flag('json') ? jsonOf(context) : undefined;
  // One broken file is no reason to keep back all others.
  const onBroken = ({ message }: HookcliError) => note(context, `warning: ${message}`);
  const rows: string[][] = [];
  for (const id of ids) {
    const about = readAbout(id, own, onBroken);
    for (const file of fixtureFiles(id, own)) {
      lines?.write(fixtureJson(file, about));
      rows.push([id, safe(file.event), safe(about.notes.get(file.event)?.when ?? file.title)]);
    }
    for (const story of about.stories.values()) {
      lines?.write(storyJson(story));
      rows.push([
        id,
        safe(story.name),
        `${theme.dim('story:')} ${safe(eventsOf(story).join(', '))}`,
      ]);
    }
  }
  if (lines !== undefined) return;
  const head = ['provider', 'event or story', 'when it is sent'];
  stdout.write(`${table(head, rows, { width: stdout.columns, theme, flexible: 2 })}\n`);
}

const eventsOf = ({ steps }: Story): string[] => steps.map(({ event }) => event);

const fixtureJson = ({ provider, event, title, contentType }: FixtureFile, { notes }: About) => ({
  kind: 'fixture',
  provider,
  event,
  title,
  contentType,
  ...notes.get(event),
});

const storyJson = (story: Story) => ({
  kind: 'story',
  provider: story.provider,
  story: story.name,
  ...(story.title === undefined ? {} : { title: story.title }),
  events: eventsOf(story),
});

/** The body alone goes into a pipe, so that it can be kept; the rest is there for eyes. */
function showEvent(
  context: CommandContext,
  provider: Provider,
  { fixture }: Step,
  about: About,
): void {
  const { options, stdout, theme } = context;
  const { headers, body } = composeRequest({
    provider,
    event: fixture.event,
    content: fixture,
    at: new Date(),
    random: systemRandom,
    url: 'http://localhost/',
  });
  if (options.flag('json')) {
    jsonOf(context).write({ ...fixtureJson(fixture, about), headers, ...bodyJson(body) });
    return;
  }
  const word = about.notes.get(fixture.event);
  const told = [word?.when, word?.docs].filter((line) => line !== undefined);
  const head = headers.map(([name, value]) => `${name}: ${value}`);
  const say = stdout.isTTY
    ? (text: string) => stdout.write(`${text}\n`)
    : (text: string) => note(context, text);
  if (told.length > 0) say(`${told.map((line) => theme.dim(`# ${safe(line)}`)).join('\n')}`);
  say(`${head.join('\n')}\n`);
  stdout.write(body);
  if (stdout.isTTY) stdout.write('\n');
}

function showStory(
  context: CommandContext,
  story: Story,
  steps: readonly Step[],
  { notes }: About,
): void {
  const { options, stdout, theme } = context;
  if (options.flag('json')) {
    jsonOf(context).write(storyJson(story));
    return;
  }
  const rows = steps.map(({ fixture: { event } }, i) => {
    const afterMs = story.steps[i]?.afterMs ?? 0;
    const after = afterMs === 0 ? '' : formatDuration(afterMs);
    return [String(i + 1), after, safe(event), safe(notes.get(event)?.when ?? '')];
  });
  if (story.title !== undefined) stdout.write(`${safe(story.title)}\n\n`);
  const layout = { width: stdout.columns, theme, right: [0, 1], flexible: 3 };
  stdout.write(`${table(['', 'after', 'event', 'when it is sent'], rows, layout)}\n`);
}
