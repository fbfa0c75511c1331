import { formatDuration } from '../core/clock.ts';
import { EXIT } from '../core/errors.ts';
import type { Provider } from '../core/types.ts';
import { listFixtures } from '../fixtures/read.ts';
import { providers } from '../providers/index.ts';
import { handlerVariable } from '../providers/secret.ts';
import { table } from '../terminal/table.ts';
import type { Theme } from '../terminal/theme.ts';
import { type CommandContext, jsonOf, type RunCommand } from './context.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { providerOf } from './proof.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options, args, stdout } = context;
  const [id] = args;
  const chosen = id === undefined ? providers : [providerOf(context, id)];
  if (options.flag('json')) {
    const lines = jsonOf(context);
    for (const provider of chosen) lines.write(providerJson(provider));
    return EXIT.ok;
  }
  const theme = context.theme;
  const [only] = chosen;
  stdout.write(
    id !== undefined && only ? providerPage(only, theme) : await overview(context, theme),
  );
  return EXIT.ok;
};

function providerJson(provider: Provider): Record<string, unknown> {
  const { id, title, docs, deadlineMs, handshakes } = provider;
  return {
    kind: 'provider',
    id,
    title,
    schemes: provider.schemes.map((scheme) => scheme.id),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    retries: retriesOf(provider),
    docs,
    events: listFixtures(id).length,
    ...(handshakes === undefined ? {} : { handshakes: handshakes.map((one) => one.id) }),
  };
}

function retriesOf({ retries }: Provider): string {
  switch (retries.kind) {
    case 'none':
      return 'none';
    case 'backoff':
      return `backing off for ${formatDuration(retries.forMs)}`;
    case 'delays': {
      const forMs = retries.delaysMs.reduce((sum, delay) => sum + delay, 0);
      return `${retries.delaysMs.length} in ${formatDuration(forMs)}`;
    }
  }
}

const deadlineOf = ({ deadlineMs }: Provider): string =>
  deadlineMs === undefined ? 'not published' : formatDuration(deadlineMs);

async function overview({ stdout }: CommandContext, theme: Theme): Promise<string> {
  const rows = providers.map((provider) => [
    theme.provider(provider.id),
    provider.title,
    String(listFixtures(provider.id).length),
    provider.schemes.map((scheme) => scheme.id).join(', '),
    deadlineOf(provider),
    retriesOf(provider),
    provider.docs,
  ]);
  const head = ['id', 'title', 'events', 'schemes', 'deadline', 'retries', 'docs'];
  return `${await table(head, rows, { width: stdout.columns, theme, right: [2], flexible: 6 })}\n`;
}

function providerPage(provider: Provider, theme: Theme): string {
  const { id, title, docs, schemes, secret, form, handshakes = [] } = provider;
  const events = listFixtures(id).map(({ event }) => event);
  const lines = [
    `${theme.strong(title)}  ${theme.dim(docs)}`,
    '',
    ...schemes.map((scheme) => {
      const age =
        scheme.toleranceMs === undefined
          ? ''
          : `; stale after ${formatDuration(scheme.toleranceMs)}`;
      const legacy = scheme.legacy ? ' (legacy: shown, never enough)' : '';
      const carriers = scheme.carriers.map((place) => place.name).join(', ');
      return `  signs      ${scheme.covers}, in ${carriers}${age}${legacy}`;
    }),
    `  secret     ${secret.kind}`,
    `  variable   ${secret.env.join(', ')}`,
    `  deadline   ${deadlineOf(provider)}`,
    `  success    ${provider.success ?? 'any 2xx'}`,
    `  retries    ${retriesOf(provider)}`,
    ...sourcesOf(provider),
    ...(form ? ['  body       JSON, or a form with --form'] : []),
    ...(events.length === 0 ? [] : [`  events     ${events.join(', ')}`]),
    ...handshakes.map((one) => `  handshake  ${one.id}`),
    '',
    events[0] === undefined
      ? `  hookcli send ${id} my.event --data @payload.json --to localhost:3000`
      : `  hookcli send ${id} ${events[0]} --to localhost:3000`,
    ...(handshakes.length === 0 ? [] : [`  hookcli send ${id} --handshake --to localhost:3000`]),
    `  export ${handlerVariable(provider)}=$(hookcli secret ${id})`,
  ];
  return `${lines.join('\n')}\n`;
}

function sourcesOf({ sourceIps }: Provider): string[] {
  if (sourceIps === undefined) return [];
  const { ranges, asOf, url } = sourceIps;
  const now = url === undefined ? '' : `; now: ${url}`;
  return [`  sent from  ${ranges.join(', ')} (${asOf}${now})`];
}
