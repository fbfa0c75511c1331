import { EXIT, HookcliError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { getProvider } from '../providers/index.ts';
import { assertUsable } from '../providers/secret.ts';
import { environmentName } from '../settings/options.ts';
import { readProjectSettings } from '../settings/project.ts';
import { changeUserSettings, readUserSettings, type Section } from '../settings/user.ts';
import { safe } from '../terminal/safe.ts';
import { table } from '../terminal/table.ts';
import { type CommandContext, jsonOf, note, type RunCommand } from './context.ts';
import { knowPrivateProviders } from './private-providers.ts';

const ACTIONS = ['get', 'set', 'unset', 'list', 'path'];

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const [action = '', name, value] = context.args;
  switch (action) {
    case 'path':
      context.stdout.write(`${readUserSettings(context.env).file}\n`);
      return EXIT.ok;
    case 'list':
      return list(context);
    case 'get':
      return get(context, required(name, 'get port'));
    case 'set':
      return set(context, required(name, 'set port 5000'), required(value, 'set port 5000'));
    case 'unset':
      return unset(context, required(name, 'unset port'));
    default: {
      const [guess] = nearest(action, ACTIONS);
      throw new HookcliError('unknown-action', `config has no action "${action}".`, {
        hint: `${guess === undefined ? '' : `Did you mean "${guess}"? `}Possible: ${ACTIONS.join(', ')}.`,
      });
    }
  }
};

function required(word: string | undefined, example: string): string {
  if (word !== undefined) return word;
  throw new HookcliError('bad-usage', 'config needs a name here.', {
    hint: `For example: hookcli config ${example}`,
  });
}

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

/** Every setting that has a value, with the place that decides; secrets are named, never shown. */
function settings({ env, cwd, optionNames }: CommandContext): Setting[] {
  const project = readProjectSettings(cwd);
  const user = readUserSettings(env);
  const found: Setting[] = [];
  for (const name of optionNames) {
    const variable = environmentName(name);
    const places: readonly (readonly [unknown, string])[] = [
      [env[variable], variable],
      [project?.values[name], project?.file ?? ''],
      [user.options[name], user.file],
    ];
    const decided = places.find(([value]) => value !== undefined && value !== '');
    if (decided !== undefined) {
      const value = name === 'secret' ? '(set)' : textOf(decided[0]);
      found.push({ name, value, source: decided[1] });
    }
  }
  for (const id of Object.keys(user.secrets)) {
    found.push({ name: `secrets.${id}`, value: '(set)', source: user.file });
  }
  for (const id of Object.keys(user.generated)) {
    found.push({ name: `generated.${id}`, value: '(set)', source: user.file });
  }
  return found;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

async function list(context: CommandContext): Promise<number> {
  const { options, stdout } = context;
  const found = settings(context);
  if (options.flag('json')) {
    const lines = jsonOf(context);
    for (const setting of found) lines.write({ kind: 'setting', ...setting });
  } else if (found.length === 0) {
    note(
      context,
      'Nothing is set; every option has its default. Set one: hookcli config set port 5000',
    );
  } else {
    const rows = found.map(({ name, value, source }) => [name, safe(value), safe(source)]);
    const theme = context.theme;
    const head = ['name', 'value', 'from'];
    stdout.write(`${await table(head, rows, { width: stdout.columns, theme, flexible: 2 })}\n`);
  }
  return EXIT.ok;
}

function get(context: CommandContext, name: string): number {
  settingOf(context, name);
  const setting = settings(context).find((one) => one.name === name);
  if (setting === undefined) {
    note(context, `${name} is not set.`);
    return EXIT.nothing;
  }
  context.stdout.write(`${safe(setting.value)}\n`);
  return EXIT.ok;
}

async function set(context: CommandContext, name: string, value: string): Promise<number> {
  const { section, key } = settingOf(context, name);
  if (section === 'generated') {
    throw new HookcliError('bad-usage', `${name} is made by hookcli itself.`, {
      hint: `To give one of your own: hookcli config set secrets.${key} <secret>`,
    });
  }
  if (section === 'secrets') assertUsable(getProvider(key), value);
  const member = section === 'secrets' ? value : typed(value);
  await changeUserSettings(context.env, section, (members) => ({ ...members, [key]: member }));
  note(context, `${name} is set for you, in every project.`);
  return EXIT.ok;
}

/** Switches are true or false; everything else is text that the option itself reads. */
const typed = (value: string): string | boolean =>
  value === 'true' ? true : value === 'false' ? false : value;

async function unset(context: CommandContext, name: string): Promise<number> {
  const { section, key } = settingOf(context, name);
  await changeUserSettings(context.env, section, ({ [key]: _, ...others }) => others);
  note(context, `${name} is no longer set.`);
  return EXIT.ok;
}

/** Where the user settings keep it: `secrets.<id>`, `generated.<id>`, or an option by its name. */
function settingOf(
  { optionNames }: CommandContext,
  name: string,
): { readonly section: Section; readonly key: string } {
  const [, section, id = ''] = /^(secrets|generated)\.(.+)$/.exec(name) ?? [];
  if (section !== undefined) return { section: section as Section, key: getProvider(id).id };
  if (optionNames.includes(name) && !/^secret/.test(name)) return { section: 'options', key: name };
  const [guess] = nearest(name, optionNames);
  throw new HookcliError('unknown-setting', `There is no setting "${name}".`, {
    hint:
      guess === undefined || /^secret/.test(guess)
        ? 'Settings are named like options: port, forward, maxBody … and secrets.<provider>.'
        : `Did you mean "${guess}"?`,
  });
}
