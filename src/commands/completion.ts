import { EXIT, HookcliError } from '../core/errors.ts';
import { readAbout } from '../fixtures/about.ts';
import { listFixtures } from '../fixtures/read.ts';
import { providers } from '../providers/index.ts';
import type { CommandContext, RunCommand } from './context.ts';
import { knowPrivateProviders } from './private-providers.ts';

interface Words {
  readonly commands: readonly string[];
  /** Options by command. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly providers: readonly string[];
  /** Events by provider. */
  readonly events: ReadonlyMap<string, readonly string[]>;
}

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const shell = context.args[0] ?? '';
  const script = SCRIPTS[shell];
  if (script === undefined) {
    throw new HookcliError('unknown-shell', `There is no completion for "${shell}".`, {
      hint: 'Possible: bash, zsh, fish. For example: source <(hookcli completion bash)',
    });
  }
  context.stdout.write(script(wordsOf(context)));
  return EXIT.ok;
};

function wordsOf({ commands }: CommandContext): Words {
  const ids = providers.map(({ id }) => id);
  return {
    commands: commands.map(({ name }) => name),
    options: new Map(commands.map(({ name, options }) => [name, options])),
    providers: ids,
    events: new Map(ids.map((id) => [id, namesOf(id)])),
  };
}

/** The events and stories that can be sent. */
const namesOf = (id: string): string[] => [
  ...listFixtures(id).map(({ event }) => event),
  ...readAbout(id).stories.keys(),
];

/** Commands whose first argument is a provider. */
const OF_PROVIDER = ['send', 'secret', 'providers', 'fixtures'];
const SHELLS = ['bash', 'zsh', 'fish'];
const ACTIONS = ['get', 'set', 'unset', 'list', 'path'];

const cases = (entries: Iterable<readonly [string, readonly string[]]>, indent: string): string =>
  [...entries].map(([name, words]) => `${indent}${name}) words="${words.join(' ')}" ;;\n`).join('');

const bash = ({
  commands,
  options,
  providers: ids,
  events,
}: Words): string => `# hookcli completion for bash
_hookcli() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.join(' ')} help"
  elif [ "\${current:0:1}" = "-" ]; then
    case "$command" in
${cases(options, '      ')}    esac
  elif [ "$COMP_CWORD" -eq 2 ]; then
    case "$command" in
      ${OF_PROVIDER.join('|')}) words="${ids.join(' ')}" ;;
      completion) words="${SHELLS.join(' ')}" ;;
      config) words="${ACTIONS.join(' ')}" ;;
      help) words="${commands.join(' ')}" ;;
      show|replay) words="last last~1" ;;
    esac
  elif [ "$COMP_CWORD" -eq 3 ] && { [ "$command" = send ] || [ "$command" = fixtures ]; }; then
    case "\${COMP_WORDS[2]}" in
${cases(events, '      ')}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _hookcli hookcli
`;

// zsh runs bash completions through its own bridge; one script cannot then differ from the other.
const zsh = (words: Words): string => `#compdef hookcli
autoload -U +X bashcompinit && bashcompinit
${bash(words).replace('# hookcli completion for bash\n', '')}`;

function fish({ commands, options, providers: ids, events }: Words): string {
  const lines = ['# hookcli completion for fish', 'complete -c hookcli -f'];
  const add = (condition: string, words: readonly string[]) =>
    lines.push(`complete -c hookcli -n '${condition}' -a '${words.join(' ')}'`);
  add('__fish_use_subcommand', [...commands, 'help']);
  const seen = (command: string, count: number) =>
    `__fish_seen_subcommand_from ${command}; and test (count (commandline -opc)) -eq ${count}`;
  for (const command of OF_PROVIDER) add(seen(command, 2), ids);
  add(seen('completion', 2), SHELLS);
  add(seen('config', 2), ACTIONS);
  for (const command of ['send', 'fixtures']) {
    for (const [id, names] of events) {
      add(`${seen(command, 3)}; and contains ${id} (commandline -opc)`, names);
    }
  }
  for (const [command, flags] of options) {
    for (const flag of flags.filter((word) => word.startsWith('--'))) {
      lines.push(
        `complete -c hookcli -n '__fish_seen_subcommand_from ${command}' -l ${flag.slice(2)}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const SCRIPTS: Readonly<Record<string, (words: Words) => string>> = { bash, zsh, fish };
