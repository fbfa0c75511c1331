/** From an argument list to the command of the table, and from what it throws to an exit code. */
import { Command, CommanderError, Option } from 'commander';
import { COMMANDS, type CommandRow, EVERYWHERE } from './cli.ts';
import type { CommandContext, Output } from './commands/context.ts';
import { EXIT, HookcliError } from './core/errors.ts';
import { nearest } from './core/nearest.ts';
import { openOutput } from './output.ts';
import {
  checkProjectSettings,
  type OptionRow,
  Options,
  optionName,
  resolveOptions,
} from './settings/options.ts';
import { readProjectSettings } from './settings/project.ts';
import { readUserSettings } from './settings/user.ts';
import { createTheme, type Theme, wantsColor } from './terminal/theme.ts';

/** Words of other tools, and what they are called here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  trigger: 'send',
  forward: 'listen',
  emit: 'send',
  fire: 'send',
  resend: 'replay',
  retry: 'replay',
  events: 'list',
  search: 'list',
  ls: 'list',
  get: 'show',
  inspect: 'show',
};

export interface World {
  readonly argv: readonly string[];
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Runs one command line and returns its exit code; nothing is thrown. */
export async function main(world: World): Promise<number> {
  const dash = world.argv.indexOf('--');
  const argv = dash === -1 ? world.argv : world.argv.slice(0, dash);
  const rest = dash === -1 ? [] : world.argv.slice(dash + 1);
  let code = 0;
  const program = createProgram(world, async (row, args, command) => {
    if (rest.length > 0 && !row.takesRest) {
      throw new HookcliError('bad-usage', `${row.name} takes nothing behind "--".`, {
        hint: 'A command to run beside a listener: hookcli listen 3000 -- npm start',
      });
    }
    code = await runRow(row, args, command, rest, world);
  });
  try {
    const [first, topic] = argv;
    if (first === 'help' && topic !== undefined && !isTopic(topic)) {
      throw unknownCommand(topic);
    }
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportError(error, world, argv);
  }
}

type Act = (row: CommandRow, args: unknown[], command: Command) => Promise<void>;

/** The table as commander sees it; also what completion and the help texts are made from. */
function createProgram({ argv, version, stdout, stderr }: World, act: Act): Command {
  const program = new Command('hookcli')
    .description('Receive, verify, send, replay and check webhooks on your own machine.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'help on a command')
    .helpOption('-h, --help', 'help on a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => Math.min(100, stdout.columns),
      getErrHelpWidth: () => Math.min(100, stderr.columns),
    })
    .showHelpAfterError('See what there is: hookcli help')
    .addHelpText('after', '\nTry it: hookcli demo\n');
  // Every start pays for what is set up here, so a command that is named comes alone.
  const named = COMMANDS.filter(({ name }) => name === argv[0]);
  for (const row of named.length > 0 ? named : COMMANDS) {
    const command = program
      .command(`${row.name} ${row.args}`.trim())
      .description(row.help)
      .showHelpAfterError(`See how it is used: hookcli ${row.name} --help`);
    for (const option of [...row.options, ...EVERYWHERE])
      command.addOption(commanderOption(option));
    if (row.examples) {
      command.addHelpText(
        'after',
        `\nExamples:\n${row.examples.map((line) => `  ${line}\n`).join('')}`,
      );
    }
    command.action(async (...given: unknown[]) => act(row, given.slice(0, -2), command));
  }
  // Without this, commander answers an unknown command with help on stderr alone.
  program.action(() => {
    const word = program.args[0];
    if (word === undefined) return program.outputHelp();
    throw unknownCommand(word);
  });
  program.allowExcessArguments(true);
  return program;
}

const isTopic = (word: string): boolean =>
  word === 'help' || word.startsWith('-') || COMMANDS.some(({ name }) => name === word);

function unknownCommand(word: string): HookcliError {
  const names = COMMANDS.map(({ name }) => name);
  const guess = Object.hasOwn(ELSEWHERE, word) ? ELSEWHERE[word] : nearest(word, names)[0];
  return new HookcliError('unknown-command', `There is no command "${word}".`, {
    hint:
      guess === undefined
        ? 'See what there is: hookcli help'
        : `Did you mean "${guess}"? All of them: hookcli help`,
  });
}

function commanderOption(row: OptionRow): Option {
  // The default is in the text alone: commander need not know it, since it may be set elsewhere.
  const note = row.default === undefined ? '' : ` (default: ${row.default})`;
  const option = new Option(row.flags, row.help + note);
  if (row.repeat) {
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

async function runRow(
  row: CommandRow,
  args: readonly unknown[],
  command: Command,
  rest: readonly string[],
  world: World,
): Promise<number> {
  const { env, cwd, stdout, stderr } = world;
  const project = readProjectSettings(cwd);
  if (project !== undefined) {
    checkProjectSettings(
      project,
      allOptionNames(),
      new Map(COMMANDS.map(({ name, options }) => [name, options.map(optionName)])),
    );
  }
  const { file, options: values } = readUserSettings(env);
  const rows = [...row.options, ...EVERYWHERE];
  const given = Object.entries(command.opts()).filter(
    ([name]) => command.getOptionValueSource(name) === 'cli',
  );
  const resolved = resolveOptions(rows, {
    commandLine: Object.fromEntries(given),
    env,
    project,
    user: { file, values },
    command: row.name,
  });
  const options = new Options(resolved);
  const context: CommandContext = {
    args: args.flat().filter((arg): arg is string => typeof arg === 'string'),
    rest,
    options,
    optionNames: allOptionNames(),
    commands: COMMANDS.map(({ name, options }) => ({
      name,
      options: [...options, ...EVERYWHERE].flatMap(
        ({ flags }) => flags.match(/--?[a-z][a-z-]*/g) ?? [],
      ),
    })),
    env,
    cwd,
    project,
    theme: await themeOf(options.text('color') ?? 'auto', env, stdout),
    stdout,
    stderr,
  };
  const { run } = await row.load();
  return run(context);
}

/** Every option of the table, by the name that settings use. */
const allOptionNames = (): string[] => [
  ...new Set([...COMMANDS.flatMap(({ options }) => options), ...EVERYWHERE].map(optionName)),
];

async function reportError(
  error: unknown,
  { env, stderr }: World,
  argv: readonly string[],
): Promise<number> {
  const { errorText } = await import('./terminal/error-text.ts');
  const theme = await themeOf('auto', env, stderr);
  stderr.write(`${errorText(error, theme, { verbose: argv.includes('--verbose') })}\n`);
  return error instanceof HookcliError ? error.exitCode : EXIT.bug;
}

async function themeOf(flag: string, env: World['env'], output: Output): Promise<Theme> {
  if (flag !== 'auto' && flag !== 'on' && flag !== 'off') {
    throw new HookcliError('bad-option', `--color: "${flag}" is not known.`, {
      hint: 'Write auto, on or off.',
    });
  }
  return createTheme({ color: wantsColor({ flag, env, isTTY: output.isTTY }) });
}

/** Runs this process's own command line. */
export async function run(version: string): Promise<void> {
  const { argv, env } = process;
  const world = { argv: argv.slice(2), version, env, cwd: process.cwd() };
  process.exitCode = await main({ ...world, stdout: openOutput(1), stderr: openOutput(2) });
}
