/** The table of commands. Whoever reads it knows the product. */
import type { RunCommand } from './commands/context.ts';
import type { OptionRow } from './settings/options.ts';

export interface CommandRow {
  readonly name: string;
  /** As commander writes them: `<provider> [event]`. */
  readonly args: string;
  readonly help: string;
  readonly options: readonly OptionRow[];
  readonly examples?: readonly string[];
  /** True when what stands behind `--` is for the command to run. */
  readonly takesRest?: boolean;
  readonly load: () => Promise<{ readonly run: RunCommand }>;
}

/** Options of every command. */
export const EVERYWHERE: readonly OptionRow[] = [
  { flags: '--json', help: 'one JSON object a line on stdout, nothing else' },
  {
    flags: '--store <dir>',
    help: 'where captured events are kept (default: .hookcli, found upwards)',
  },
  { flags: '--color <when>', help: 'auto, on or off', default: 'auto' },
  { flags: '-q, --quiet', help: 'results and errors only' },
  { flags: '--verbose', help: 'say more, also of errors' },
];

const KEEP: OptionRow = {
  flags: '--keep <bound>',
  help: 'how much the store keeps: a number of events, a size, or all (default: 100000 events, 1 GB)',
};

const SECRETS: readonly OptionRow[] = [
  {
    flags: '--secret <[provider=]value>',
    help: 'signing secret; repeat it during a rotation',
    repeat: true,
  },
  { flags: '--secret-file <[provider=]path>', help: 'read the secret from a file', repeat: true },
  {
    flags: '--secret-env <[provider=]name>',
    help: 'read the secret from a variable',
    repeat: true,
  },
];

const PUBLIC_URL: OptionRow = {
  flags: '--public-url <url>',
  help: 'the address the provider knows, where its signature covers it',
};

const GENERIC: readonly OptionRow[] = [
  { flags: '--signature-header <name>', help: 'generic: header that carries the signature' },
  { flags: '--algorithm <name>', help: 'generic: sha1, sha256 or sha512' },
  { flags: '--encoding <name>', help: 'generic: hex or base64' },
  { flags: '--prefix <text>', help: 'generic: what stands before the signature, such as sha256=' },
];

const EDITS: readonly OptionRow[] = [
  { flags: '--set <path=value>', help: 'set a field of the payload: JSON, or text', repeat: true },
  { flags: '--unset <path>', help: 'remove a field of the payload', repeat: true },
];

const OUTCOME: readonly OptionRow[] = [
  { flags: '--expect <status>', help: 'what the handler should answer: 2xx, 4xx, 202 …' },
  { flags: '--within <time>', help: "by when it should answer (default: the provider's deadline)" },
  { flags: '--dry-run', help: 'print the request instead of sending it' },
  { flags: '--curl', help: 'with --dry-run: as a curl command' },
];

const FETCH_CERT: OptionRow = {
  flags: '--fetch-cert',
  help: "PayPal: fetch the certificate a signature names, from PayPal's own hosts",
};

const QUERY_HELP = 'provider:stripe type:invoice.* verdict:rejected status:5xx since:1h "text"';

export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'listen',
    args: '[target]',
    help: 'receive webhooks: verify, record, show and forward them',
    options: [
      {
        flags: '-p, --port <number>',
        help: 'port to listen on; 0 takes any free one',
        default: '4400',
      },
      { flags: '--host <address>', help: 'address to listen on', default: '127.0.0.1' },
      {
        flags: '-f, --forward <target>',
        help: 'pass every event on to this handler',
        repeat: true,
      },
      {
        flags: '--route <provider[:type]=target>',
        help: 'pass some events on elsewhere; first match wins',
        repeat: true,
      },
      {
        flags: '-e, --events <globs>',
        help: 'only these event types, such as payment_intent.*,push',
        repeat: true,
      },
      { flags: '--filter <query>', help: 'only events that match, in the words of list' },
      { flags: '--provider <id>', help: 'who sends, when neither path nor headers tell' },
      { flags: '--reject', help: 'answer 401 to a rejected signature and do not forward it' },
      {
        flags: '--respond <status>',
        help: 'answer this to every sender, whatever the handler says',
      },
      {
        flags: '--respond-delay <time>',
        help: 'answer so much later, to see what the sender does',
      },
      {
        flags: '--timeout <time>',
        help: "wait this long for the handler's answer; 0 for ever",
        default: '30s',
      },
      {
        flags: '--tolerance <time>',
        help: "how old a signature may be (default: the provider's own)",
      },
      PUBLIC_URL,
      FETCH_CERT,
      { flags: '--max-body <size>', help: 'longest body that is taken', default: '25mb' },
      { flags: '--durable', help: 'answer only when the event would survive a loss of power' },
      { flags: '--no-dashboard', help: 'do not serve the local page' },
      { flags: '--exit-after <n>', help: 'end after n matching verified events' },
      { flags: '--within <time>', help: 'with --exit-after: give up (exit 3) after this time' },
      KEEP,
      ...SECRETS,
      ...GENERIC,
    ],
    examples: [
      'hookcli listen 3000',
      'hookcli listen --route stripe=3000 --route github=4000/hooks',
      'hookcli listen 3000 -- npm start',
      'hookcli listen --events "invoice.*" --exit-after 1 --within 30s',
    ],
    takesRest: true,
    load: () => import('./commands/listen.ts'),
  },
  {
    name: 'send',
    args: '<provider> [event]',
    help: 'deliver a true-to-life event, or a story of several, correctly signed',
    options: [
      {
        flags: '-t, --to <target>',
        help: 'where to (default: the running listener, else port 4400)',
      },
      { flags: '--method <method>', help: 'HTTP method', default: 'POST' },
      ...EDITS,
      { flags: '-d, --data <json|@file|->', help: 'your own payload instead of the fixture' },
      {
        flags: '-H, --header <name: value>',
        help: 'set a header, or remove it with an empty value',
        repeat: true,
      },
      { flags: '--form', help: 'as payload=<JSON> in a form, where the provider can' },
      {
        flags: '--handshake',
        help: 'begin as the provider does when a URL is set up, and judge the answer',
      },
      { flags: '--id <id>', help: "the event's id (default: a fresh one)" },
      { flags: '--at <time>', help: 'as if sent then: 2026-01-31T12:00:00Z, Unix seconds, -10m' },
      { flags: '--seed <number>', help: 'the same seed gives the same body' },
      { flags: '-n, --count <number>', help: 'how many, each with its own id', default: '1' },
      { flags: '-c, --concurrency <number>', help: 'how many at once', default: '1' },
      {
        flags: '--rate <number>',
        help: 'start so many a second, however slow the answers are and many under way',
      },
      {
        flags: '--duplicate <number>',
        help: 'deliver each so many times more, at once, with the same id and bytes',
      },
      { flags: '--shuffle', help: 'in any order; duplicates and stories come apart' },
      {
        flags: '--spoil <what>',
        help: 'make one thing wrong: signature, body, timestamp, secret, missing …',
      },
      ...OUTCOME,
      { flags: '--wait <time>', help: 'first wait until the port answers' },
      PUBLIC_URL,
      KEEP,
      ...SECRETS,
      ...GENERIC,
    ],
    examples: [
      'hookcli send stripe payment_intent.succeeded --to 3000',
      'hookcli send github pull_request.opened --set pull_request.draft=true',
      'hookcli send stripe subscription.lifecycle --to 3000',
      'hookcli send stripe invoice.paid --spoil signature --expect 400',
      'hookcli send generic order.created --data @order.json --secret s3cret',
      'hookcli send slack --handshake --to 3000/slack/events',
    ],
    load: () => import('./commands/send.ts'),
  },
  {
    name: 'replay',
    args: '[ids...]',
    help: 'deliver captured events again, exact or freshly signed',
    options: [
      { flags: '--query <query>', help: `replay what matches, oldest first: ${QUERY_HELP}` },
      {
        flags: '-t, --to <target>',
        help: 'where to (default: where it was last delivered, else the running listener)',
      },
      {
        flags: '--resign',
        help: 'with a fresh timestamp and signature instead of the exact bytes',
      },
      ...EDITS,
      { flags: '--new-id', help: 'as a new event with an id of its own; signs anew' },
      { flags: '-c, --concurrency <number>', help: 'how many at once', default: '1' },
      ...OUTCOME,
      PUBLIC_URL,
      KEEP,
      ...SECRETS,
      ...GENERIC,
    ],
    examples: [
      'hookcli replay last',
      'hookcli replay evt_01JD --resign',
      'hookcli replay --query "status:5xx since:1h"',
    ],
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'verify',
    args: '',
    help: 'judge one request: from a file, from the store, or put together here',
    options: [
      { flags: '--provider <id>', help: 'who sent it (default: as the request tells)' },
      {
        flags: '--request <file|->',
        help: 'JSON with method, url, headers and body, or an HTTP message',
      },
      { flags: '--event <id>', help: 'a captured event (id, prefix of one, last, last~1)' },
      { flags: '--body <text|@file|->', help: 'the exact bytes of a body; with -H' },
      { flags: '-H, --header <name: value>', help: 'a header beside --body', repeat: true },
      { flags: '--method <method>', help: 'HTTP method beside --body', default: 'POST' },
      {
        flags: '--at <time>',
        help: 'as if it came then (default: now; for --event: when it came)',
      },
      {
        flags: '--tolerance <time>',
        help: "how old a signature may be (default: the provider's own)",
      },
      { flags: '--cert <file>', help: 'PayPal: the certificate it was signed with, in PEM' },
      FETCH_CERT,
      PUBLIC_URL,
      ...SECRETS,
      ...GENERIC,
    ],
    examples: [
      'hookcli verify --event last',
      'hookcli verify --provider stripe --request captured.http --secret whsec_…',
      'hookcli verify --provider github -H "X-Hub-Signature-256: sha256=…" --body @payload.json',
    ],
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'sign',
    args: '',
    help: 'print the headers by which a provider would sign a body',
    options: [
      { flags: '--provider <id>', help: 'who signs' },
      { flags: '--body <text|@file|->', help: 'the exact bytes of the body' },
      { flags: '-H, --header <name: value>', help: 'a header of the request', repeat: true },
      { flags: '--method <method>', help: 'HTTP method', default: 'POST' },
      { flags: '--id <id>', help: "the event's id, where it is signed (default: a fresh one)" },
      { flags: '--at <time>', help: 'as if signed then: 2026-01-31T12:00:00Z, Unix seconds, -10m' },
      { flags: '--curl', help: 'the whole request as a curl command' },
      { flags: '-t, --to <target>', help: 'where the request goes, for --curl and signed URLs' },
      PUBLIC_URL,
      ...SECRETS,
      ...GENERIC,
    ],
    examples: [
      'hookcli sign --provider stripe --body @event.json',
      'hookcli sign --provider github --body @push.json --curl --to localhost:3000/hooks',
    ],
    load: () => import('./commands/sign.ts'),
  },
  {
    name: 'list',
    args: '[query...]',
    help: `captured events, newest first: ${QUERY_HELP}`,
    options: [
      { flags: '-n, --limit <number>', help: 'how many at most', default: '20' },
      { flags: '--explain', help: 'say on stderr how each word was understood' },
    ],
    examples: [
      'hookcli list',
      'hookcli list "type:invoice.* status:5xx"',
      'hookcli list --json -n 1',
    ],
    load: () => import('./commands/list.ts'),
  },
  {
    name: 'wait',
    args: '[query...]',
    help: `wait until events are recorded, since the listener started: ${QUERY_HELP}`,
    options: [
      { flags: '--within <time>', help: 'give up after this time (exit 3)', default: '30s' },
      { flags: '--after <id>', help: 'only what was recorded behind this event' },
      { flags: '-n, --count <number>', help: 'how many', default: '1' },
    ],
    examples: [
      'hookcli wait type:invoice.paid verdict:verified --within 10s',
      'hookcli wait provider:stripe --after last --json',
    ],
    load: () => import('./commands/wait.ts'),
  },
  {
    name: 'show',
    args: '<id>',
    help: 'one event: request, verdict, every attempt and answer (id, prefix of one, last, last~1)',
    options: [{ flags: '--body', help: 'the raw bytes of the body, nothing else' }],
    examples: ['hookcli show last', 'hookcli show last --body | jq .'],
    load: () => import('./commands/show.ts'),
  },
  {
    name: 'diff',
    args: '<a> <b>',
    help: 'compare the requests of two events: headers, and the payload by its paths',
    options: [],
    examples: ['hookcli diff last~1 last', 'hookcli diff evt_01JD evt_01JE --json'],
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'export',
    args: '[query...]',
    help: `events for others: by id, last, or ${QUERY_HELP}; oldest first`,
    options: [
      { flags: '--format <name>', help: 'curl, http, har, json or fixture', default: 'json' },
      {
        flags: '-o, --output <file>',
        help: 'write a file; of fixtures a folder, such as .hookcli/fixtures, where they are found',
      },
      {
        flags: '--redact',
        help: 'replace by believable values: what headers keep secret, every configured secret, and in bodies mail and postal addresses, names, telephone numbers, IP addresses, card digits, passwords and tokens',
      },
      { flags: '-n, --limit <number>', help: 'how many at most, the newest' },
      { flags: '--shell <name>', help: 'curl: sh, bash, zsh or powershell', default: 'sh' },
      {
        flags: '-t, --to <target>',
        help: 'curl: where to (default: where it was last delivered, else the running listener)',
      },
      ...SECRETS,
    ],
    examples: [
      'hookcli export last --format curl',
      'hookcli export "provider:stripe since:1d" --format har --redact -o events.har',
      'hookcli export last --format fixture -o .hookcli/fixtures',
    ],
    load: () => import('./commands/export.ts'),
  },
  {
    name: 'import',
    args: '<file>',
    help: 'record events of a file: what export writes, a HAR, or JSON payloads; - for stdin',
    options: [
      { flags: '--provider <id>', help: 'who sent, where the events do not tell' },
      { flags: '--max-body <size>', help: 'longest body that is taken', default: '25mb' },
      KEEP,
      ...SECRETS,
    ],
    examples: [
      'hookcli import events.har',
      'stripe listen --print-json | hookcli import -',
      'hookcli import payloads.jsonl --provider github',
    ],
    load: () => import('./commands/import.ts'),
  },
  {
    name: 'pin',
    args: '[ids...]',
    help: 'keep events whatever is pruned; list them with pin:true',
    options: [],
    load: () => import('./commands/pin.ts'),
  },
  {
    name: 'unpin',
    args: '[ids...]',
    help: 'let pinned events go like any other',
    options: [],
    load: () => import('./commands/unpin.ts'),
  },
  {
    name: 'prune',
    args: '',
    help: 'remove captured events for good but the pinned ones, with their deliveries',
    options: [
      { flags: '--keep <events|size>', help: 'keep the newest: 500 events, 200mb' },
      { flags: '--older-than <time>', help: 'only those that are older: 12h, 7d' },
      { flags: '--query <query>', help: `only those that match: ${QUERY_HELP}` },
      { flags: '--dry-run', help: 'tell what would go, and remove nothing' },
    ],
    examples: [
      'hookcli prune --older-than 7d --dry-run',
      'hookcli prune --keep 1000',
      'hookcli prune --query "provider:stripe type:ping"',
    ],
    load: () => import('./commands/prune.ts'),
  },
  {
    name: 'secret',
    args: '<provider>',
    help: 'print the secret that send and listen use, for your handler',
    options: SECRETS,
    examples: ['export STRIPE_WEBHOOK_SECRET=$(hookcli secret stripe)'],
    load: () => import('./commands/secret.ts'),
  },
  {
    name: 'config',
    args: '<action> [name] [value]',
    help: 'user settings: get, set, unset, list, path',
    options: [],
    examples: [
      'hookcli config set port 5000',
      'hookcli config list',
      'hookcli config set secrets.stripe whsec_…',
    ],
    load: () => import('./commands/config.ts'),
  },
  {
    name: 'providers',
    args: '[id]',
    help: 'who can send, how each signs, its deadline and retries',
    options: [],
    load: () => import('./commands/providers.ts'),
  },
  {
    name: 'fixtures',
    args: '[provider] [event]',
    help: 'the events and stories that send can deliver, or one of them',
    options: [],
    examples: [
      'hookcli fixtures stripe',
      'hookcli fixtures stripe invoice.paid > body.json',
      'hookcli fixtures stripe subscription.lifecycle',
    ],
    load: () => import('./commands/fixtures.ts'),
  },
  {
    name: 'demo',
    args: '',
    help: 'see it all in a few seconds: handler, listener, sends, a forgery, a replay',
    options: [],
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'doctor',
    args: '[target]',
    help: 'check Node, store, port, secrets and whether your handler can be reached',
    options: [
      { flags: '-p, --port <number>', help: 'port that listen would use', default: '4400' },
      { flags: '-f, --forward <target>', help: 'your handler, as listen would be given it' },
    ],
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'completion',
    args: '<shell>',
    help: 'completion script for bash, zsh or fish',
    options: [],
    examples: ['source <(hookcli completion bash)'],
    load: () => import('./commands/completion.ts'),
  },
];
