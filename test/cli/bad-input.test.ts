import { afterAll, describe, expect, it } from 'vitest';
import { expectError, type RunOptions, Sandbox } from '../helpers/cli.ts';

const box = new Sandbox(afterAll);
const SEND = ['send', 'generic', 'example.event'];
const STRIPE = ['send', 'stripe', 'invoice.paid'];

interface Row {
  readonly args: readonly string[];
  readonly says: RegExp;
  readonly hint: RegExp;
  readonly code?: number;
  readonly options?: RunOptions;
}

const WRONG: Readonly<Record<string, Row>> = {
  'an unknown provider': {
    args: ['send', 'strpe', 'invoice.paid'],
    says: /no provider "strpe"/,
    hint: /Did you mean "stripe"\?/,
  },
  'an unknown event': {
    args: ['send', 'stripe', 'invoice.payed'],
    says: /no stripe fixture for "invoice\.payed"/,
    hint: /Did you mean .*invoice\.paid|hookcli fixtures stripe/,
  },
  'an unknown option': {
    args: [...STRIPE, '--secert', 'x'],
    says: /unknown option '--secert'/,
    hint: /Did you mean --secret\?/,
  },
  'an unknown command': { args: ['lst'], says: /no command "lst"/, hint: /Did you mean "list"\?/ },
  'help on an unknown command': {
    args: ['help', 'lst'],
    says: /no command "lst"/,
    hint: /Did you mean "list"\?/,
  },
  'an unknown option of no command': {
    args: ['--foo'],
    says: /unknown option '--foo'/,
    hint: /hookcli help/,
  },
  'a command that JavaScript knows': {
    args: ['constructor'],
    says: /no command "constructor"/,
    hint: /hookcli help/,
  },
  "another tool's command": {
    args: ['trigger', 'stripe'],
    says: /no command "trigger"/,
    hint: /Did you mean "send"\?/,
  },
  'something else to spoil': {
    args: [...STRIPE, '--spoil', 'signatur'],
    says: /no "signatur" to spoil/,
    hint: /Did you mean "signature"\? .*timestamp/,
  },
  'a timestamp to spoil where none is signed': {
    args: ['send', 'github', 'push', '--spoil', 'timestamp'],
    says: /GitHub signs no timestamp/,
    hint: /Possible here: signature/,
  },
  'an argument too few': {
    args: ['send', 'stripe'],
    says: /Which event of Stripe/,
    hint: /hookcli fixtures stripe/,
  },
  'an argument too many': {
    args: [...STRIPE, 'more'],
    says: /too many arguments/,
    hint: /hookcli send --help/,
  },
  'an option without its value': {
    args: [...STRIPE, '--to'],
    says: /'-t, --to <target>' argument missing/,
    hint: /hookcli send --help/,
  },
  'a command behind -- where none is run': {
    args: [...STRIPE, '--', 'npm', 'start'],
    says: /send takes nothing behind "--"/,
    hint: /hookcli listen/,
  },
  'an unknown config action': {
    args: ['config', 'sett', 'port', '1'],
    says: /no action "sett"/,
    hint: /Did you mean "set"\?/,
  },
  'an unknown setting': {
    args: ['config', 'set', 'prt', '1'],
    says: /no setting "prt"/,
    hint: /Did you mean "port"\?/,
  },
  'a setting of nothing': {
    args: ['config', 'get'],
    says: /config needs a name/,
    hint: /hookcli config get port/,
  },
  'an unknown shell': {
    args: ['completion', 'tcsh'],
    says: /no completion for "tcsh"/,
    hint: /bash, zsh, fish/,
  },

  'an empty secret': {
    args: [...STRIPE, '--secret', ''],
    says: /secret from --secret is empty/,
    hint: /hookcli secret/,
  },
  'an empty secret of a named provider': {
    args: ['listen', '--port', '0', '--secret', 'stripe='],
    says: /secret from --secret is empty/,
    hint: /hookcli secret/,
  },
  'an empty secret in the environment': {
    args: STRIPE,
    options: { env: { STRIPE_WEBHOOK_SECRET: '' } },
    says: /Stripe secret \(STRIPE_WEBHOOK_SECRET\) is empty/,
    hint: /whsec_/,
  },
  'a secret that cannot be decoded': {
    args: ['send', 'standard-webhooks', 'user.created', '--secret', 'whsec_hush-hush!'],
    says: /Standard Webhooks secret \(--secret\).*base64/,
    hint: /hookcli secret standard-webhooks/,
  },
  'a secret file that is not there': {
    args: [...STRIPE, '--secret-file', 'none.txt'],
    says: /--secret-file: cannot read .*none\.txt: ENOENT/,
    hint: /Check the path/,
  },
  'a secret variable that is not set': {
    args: [...STRIPE, '--secret-env', 'NOT_SET'],
    says: /NOT_SET is not set/,
    hint: /export NOT_SET=/,
  },
  'a secret of an unknown provider': {
    args: ['secret', 'githb'],
    says: /no provider "githb"/,
    hint: /Did you mean "github"\?/,
  },
  'a secret setting of an unknown provider': {
    args: ['config', 'set', 'secrets.nobody', 'x'],
    says: /no provider "nobody"/,
    hint: /hookcli providers/,
  },

  '--set without =': { args: [...SEND, '--set', 'a'], says: /"a" sets nothing/, hint: /=500/ },
  '--set of no path': { args: [...SEND, '--set', '=1'], says: /"=1" sets/, hint: /=500/ },
  '--set of an empty step': {
    args: [...SEND, '--set', 'a..b=1'],
    says: /"a\.\.b" is not a path .*empty step/,
    hint: /data\.object\.amount/,
  },
  '--set of an open bracket': {
    args: [...SEND, '--set', 'a[0=1'],
    says: /"a\[0" is not a path/,
    hint: /items\[0\]/,
  },
  '--set of __proto__': {
    args: [...SEND, '--set', '__proto__.polluted=1'],
    says: /"__proto__" is not a field/,
    hint: /data\.object\.amount/,
  },
  '--set of constructor': {
    args: [...SEND, '--set', 'constructor.prototype.polluted=1'],
    says: /"constructor" is not a field/,
    hint: /data\.object\.amount/,
  },
  '--unset of what is not there': {
    args: [...SEND, '--unset', 'nothing.there'],
    says: /"nothing\.there" is not in this payload/,
    hint: /--dry-run/,
  },
  '--data of a missing file': {
    args: [...SEND, '--data', '@none.json'],
    says: /--data: cannot read .*none\.json: ENOENT/,
    hint: /Check the path/,
  },
  '--data that is not JSON': {
    args: [...SEND, '--data', '{"a":'],
    says: /payload is not JSON/,
    hint: /Content-Type: text\/plain/,
  },
  '--at of no time': {
    args: [...SEND, '--at', 'yesterday'],
    says: /--at: "yesterday" is not a point in time/,
    hint: /2026-01-31T12:00:00Z/,
  },
  '--expect of no status': {
    args: [...SEND, '--expect', 'ok'],
    says: /--expect: "ok" is not a status/,
    hint: /2xx/,
  },
  '--header without a colon': {
    args: [...SEND, '--header', 'X-Tenant'],
    says: /--header: "X-Tenant" is not a header/,
    hint: /X-Tenant: acme/,
  },
  '--header with a line break': {
    args: [...SEND, '--header', 'X-A: 1\r\nX-B: 2'],
    says: /is not a header/,
    hint: /X-Tenant: acme/,
  },
  '--count of no number': {
    args: [...SEND, '--count', 'many'],
    says: /--count: "many"/,
    hint: /from 1 to/,
  },
  '--count of none': { args: [...SEND, '--count', '0'], says: /--count: "0"/, hint: /from 1 to/ },
  '--concurrency of none': {
    args: [...SEND, '--concurrency', '0'],
    says: /--concurrency: "0"/,
    hint: /from 1 to/,
  },
  '--seed of no number': { args: [...SEND, '--seed', 'x'], says: /--seed: "x"/, hint: /from 0 to/ },
  '--method of no method': {
    args: [...SEND, '--method', 'PO ST'],
    says: /--method: "PO ST"/,
    hint: /PUT/,
  },
  '--form where there is none': {
    args: [...STRIPE, '--form'],
    says: /Stripe sends no forms/,
    hint: /github/,
  },
  '--to of another scheme': {
    args: [...SEND, '--to', 'ftp://example.com'],
    says: /"ftp:\/\/example\.com" is not a target/,
    hint: /localhost:3000/,
  },
  '--to of no port there is': {
    args: [...SEND, '--to', '99999'],
    says: /"99999" is not a target/,
    hint: /localhost:3000/,
  },
  '--to of nothing': { args: [...SEND, '--to', ''], says: /"" is not a target/, hint: /3000/ },
  '--within of no time': {
    args: [...SEND, '--within', 'soon'],
    says: /--within: "soon"/,
    hint: /30s/,
  },
  '--within of no time at all': {
    args: [...SEND, '--within', '0'],
    says: /--within: nothing can answer/,
    hint: /500ms/,
  },
  '--wait of no time': { args: [...SEND, '--wait', '-1'], says: /--wait: "-1"/, hint: /30s/ },
  '--keep of nothing': {
    args: [...SEND, '--keep', 'little'],
    says: /--keep: "little"/,
    hint: /200mb/,
  },
  '--color of another kind': {
    args: ['list', '--color', 'red'],
    says: /--color: "red"/,
    hint: /auto, on or off/,
  },
  '--algorithm of another kind': {
    args: [...SEND, '--algorithm', 'md5'],
    says: /--algorithm: "md5"/,
    hint: /sha256/,
  },
  '--signature-header of no name': {
    args: [...SEND, '--signature-header', 'X Signature'],
    says: /--signature-header: "X Signature"/,
    hint: /X-Signature/,
  },
  '--route without =': {
    args: ['listen', '--route', 'stripe'],
    says: /--route: "stripe" is not a route/,
    hint: /stripe=3000/,
  },
  '--route of an unknown provider': {
    args: ['listen', '--route', 'strpe=3000'],
    says: /no provider "strpe"/,
    hint: /Did you mean "stripe"\?/,
  },
  '--filter of an unknown field': {
    args: ['listen', '--filter', 'typ:invoice.*'],
    says: /no field "typ"/,
    hint: /Did you mean "type:"\?/,
  },
  'a query of an unknown field': {
    args: ['list', 'verdct:rejected'],
    says: /no field "verdct"/,
    hint: /Did you mean "verdict:"\?/,
  },
  'a query of an unknown value': {
    args: ['list', 'verdict:good'],
    says: /"good" is none of verified, rejected, unchecked/,
    hint: /Write one of/,
  },
  '--max-body of no size': {
    args: ['listen', '--max-body', 'big'],
    says: /--max-body: "big"/,
    hint: /25mb/,
  },
  '--tolerance of no time': {
    args: ['listen', '--tolerance', 'some'],
    says: /--tolerance: "some"/,
    hint: /30s/,
  },
  '--timeout of no time': {
    args: ['listen', '--port', '0', '--timeout', 'some'],
    says: /--timeout: "some"/,
    hint: /30s/,
  },
  '--provider of nobody': {
    args: ['listen', '--port', '0', '--provider', 'strpe'],
    says: /no provider "strpe"/,
    hint: /Did you mean "stripe"\?/,
  },
  '--port of no number': { args: ['listen', '--port', 'x'], says: /--port: "x"/, hint: /to 65535/ },
  '--port above all': { args: ['listen', '--port', '65536'], says: /"65536"/, hint: /to 65535/ },
  '--within without --exit-after': {
    args: ['listen', '--port', '0', '--within', '1s'],
    says: /--within goes with --exit-after/,
    hint: /--exit-after 1/,
  },
  'an unknown id to show': {
    args: ['show', 'evt_01ZZ'],
    says: /no event "evt_01ZZ"/,
    hint: /hookcli list/,
  },
  'an unknown id to replay': {
    args: ['replay', 'evt_01ZZ', '--to', '3000'],
    says: /no event "evt_01ZZ"/,
    hint: /hookcli list/,
  },
  'a replay of nothing': {
    args: ['replay'],
    says: /replay needs an event/,
    hint: /hookcli replay last/,
  },
  'a query that nothing matches': {
    args: ['replay', '--query', 'status:599'],
    says: /No captured event matches: status:599/,
    hint: /hookcli list/,
    code: 5,
  },
};

describe('refuses', () => {
  it.concurrent.each(Object.keys(WRONG))('%s', { timeout: 30_000 }, async (name) => {
    const { args, says, hint, code = 2, options } = WRONG[name] as Row;
    // Should one be taken after all, it leads nowhere.
    const env = { HOOKCLI_TO: '127.0.0.1:1', ...options?.env };
    const result = await box.run(args, { ...options, env });
    expectError(result, { says, hint });
    expect(result.stderr).not.toContain('hush-hush');
    expect(result.code).toBe(code);
  });
});
