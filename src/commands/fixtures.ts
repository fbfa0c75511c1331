import { EXIT } from '../core/errors.ts';
import { systemRandom } from '../core/ids.ts';
import { composeRequest } from '../deliver/compose.ts';
import { listFixtures, readFixture } from '../fixtures/read.ts';
import { table } from '../terminal/table.ts';
import { jsonOf, type RunCommand } from './context.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { providerOf } from './proof.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options, args, stdout } = context;
  const [id, event] = args;
  const provider = id === undefined ? undefined : providerOf(context, id);
  if (provider !== undefined && event !== undefined) {
    const { body } = composeRequest({
      provider,
      event,
      content: readFixture(provider.id, event),
      at: new Date(),
      random: systemRandom,
      url: 'http://localhost/',
    });
    stdout.write(body);
    if (stdout.isTTY) stdout.write('\n');
    return EXIT.ok;
  }
  const entries = listFixtures(provider?.id).map((entry) =>
    readFixture(entry.provider, entry.event),
  );
  if (options.flag('json')) {
    const lines = jsonOf(context);
    for (const { template: _template, form: _form, ...fixture } of entries)
      lines.write({ kind: 'fixture', ...fixture });
    return EXIT.ok;
  }
  const rows = entries.map((entry) => [entry.provider, entry.event, entry.title]);
  const theme = context.theme;
  const head = ['provider', 'event', 'title'];
  stdout.write(`${await table(head, rows, { width: stdout.columns, theme, flexible: 2 })}\n`);
  return EXIT.ok;
};
