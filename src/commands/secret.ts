import { EXIT } from '../core/errors.ts';
import { jsonOf, note, type RunCommand } from './context.ts';
import { providerOf, secretsOf } from './proof.ts';

export const run: RunCommand = async (context) => {
  const { options, args, stdout } = context;
  const provider = providerOf(context, args[0] ?? '');
  const { secrets, origin } = await secretsOf(context, false).find(provider);
  const [secret = ''] = secrets;
  if (options.flag('json')) {
    jsonOf(context).write({
      kind: 'secret',
      provider: provider.id,
      variable: provider.secret.env[0],
      origin,
      secret,
    });
    return EXIT.ok;
  }
  stdout.write(`${secret}\n`);
  if (stdout.isTTY) {
    note(context, `From ${origin}. For your handler:`);
    note(context, `  export ${provider.secret.env[0]}=$(hookcli secret ${provider.id})`);
  }
  return EXIT.ok;
};
