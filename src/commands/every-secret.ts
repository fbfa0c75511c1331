import { HookcliError } from '../core/errors.ts';
import { providers } from '../providers/index.ts';
import { readUserSettings } from '../settings/user.ts';
import type { CommandContext } from './context.ts';
import { secretsOf } from './proof.ts';

/** Every secret that is configured anywhere, also those that another one hides or that are no use. */
export function everySecret(context: CommandContext): Set<string> {
  const { env } = context;
  const finder = secretsOf(context, true);
  const settings = readUserSettings(env);
  const found = new Set<string>();
  const add = (secret: string | undefined) => secret && found.add(secret);
  for (const secret of Object.values({ ...settings.secrets })) add(secret);
  for (const secret of Object.values({ ...settings.generated })) add(secret);
  for (const provider of providers) {
    for (const name of provider.secret.env) add(env[name]);
    add(env[`HOOKCLI_${provider.id.replaceAll('-', '_').toUpperCase()}_SECRET`]);
    try {
      for (const secret of finder.findKnown(provider)?.secrets ?? []) add(secret);
    } catch (error) {
      // One that cannot be used, such as an empty variable, is no reason not to hide the others.
      if (!(error instanceof HookcliError)) throw error;
    }
  }
  return found;
}
