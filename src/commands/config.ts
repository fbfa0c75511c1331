import { EXIT, HookcliError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { findProvider, getProvider } from '../providers/index.ts';
import { assertUsable } from '../providers/secret.ts';
import { environmentName } from '../settings/options.ts';
import { readProjectSettings } from '../settings/project.ts';
import { changeUserSettings, readUserSettings } from '../settings/user.ts';
import { safe } from '../terminal/safe.ts';
import { table } from '../terminal/table.ts';
import { type CommandContext, jsonOf, note, type RunCommand } from './context.ts';

const ACTIONS = ['get', 'set', 'unset', 'list', 'path'];

export const run: RunCommand = async (context) => {
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
      found.push({ name, value: textOf(decided[0]), source: decided[1] });
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
  checkName(context, name);
  const setting = settings(context).find((one) => one.name === name);
  if (setting === undefined) {
    note(context, `${name} is not set.`);
    return EXIT.nothing;
  }
  context.stdout.write(`${safe(setting.value)}\n`);
  return EXIT.ok;
}

async function set(context: CommandContext, name: string, value: string): Promise<number> {
  const { env } = context;
  const secretOf = checkName(context, name);
  if (secretOf !== undefined) {
    assertUsable(getProvider(secretOf), value);
    await changeUserSettings(env, 'secrets', (members) => ({ ...members, [secretOf]: value }));
  } else {
    await changeUserSettings(env, 'options', (members) => ({ ...members, [name]: typed(value) }));
  }
  note(context, `${name} is set for you, in every project.`);
  return EXIT.ok;
}

/** Switches are true or false; everything else is text that the option itself reads. */
const typed = (value: string): string | boolean =>
  value === 'true' ? true : value === 'false' ? false : value;

async function unset(context: CommandContext, name: string): Promise<number> {
  const secretOf = checkName(context, name);
  const section = secretOf === undefined ? 'options' : 'secrets';
  await changeUserSettings(context.env, section, ({ [secretOf ?? name]: _, ...others }) => others);
  note(context, `${name} is no longer set.`);
  return EXIT.ok;
}

/** The provider's id for `secrets.<id>`, undefined for an option; anything else is refused. */
function checkName({ optionNames }: CommandContext, name: string): string | undefined {
  const id = /^(?:secrets|generated)\.(.+)$/.exec(name)?.[1];
  if (id !== undefined && findProvider(id) !== undefined) return id;
  if (optionNames.includes(name) && !/^secret/.test(name)) return undefined;
  const [guess] = nearest(name, optionNames);
  throw new HookcliError('unknown-setting', `There is no setting "${name}".`, {
    hint:
      guess === undefined
        ? 'Settings are named like options: port, forward, maxBody … and secrets.<provider>.'
        : `Did you mean "${guess}"?`,
  });
}
