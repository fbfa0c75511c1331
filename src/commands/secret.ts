import { EXIT } from '../core/errors.ts';
import { handlerVariable, handlerVariables } from '../providers/secret.ts';
import { jsonOf, note, type RunCommand } from './context.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { providerOf, secretsOf } from './proof.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options, args, stdout } = context;
  const provider = providerOf(context, args[0] ?? '');
  const { secrets, origin } = await secretsOf(context, false).find(provider);
  const [found = ''] = secrets;
  const secret = provider.secret.publicPart?.(found) ?? found;
  const variable = handlerVariable(provider);
  if (options.flag('json')) {
    jsonOf(context).write({
      kind: 'secret',
      provider: provider.id,
      variable,
      origin,
      secret,
    });
    return EXIT.ok;
  }
  stdout.write(`${secret}\n`);
  if (stdout.isTTY) {
    note(context, `From ${origin}. For your handler:`);
    for (const [name, value] of Object.entries(handlerVariables(provider, found))) {
      const given = name === variable ? `"$(hookcli secret ${provider.id})"` : value;
      note(context, `  export ${name}=${given}`);
    }
  }
  return EXIT.ok;
};
