import { HookcliError } from '../core/errors.ts';
import type { Provider } from '../core/types.ts';
import { type GenericOptions, generic } from '../providers/generic.ts';
import { getProvider } from '../providers/index.ts';
import type { Options } from '../settings/options.ts';
import { SecretFinder } from '../settings/secrets.ts';
import { type CommandContext, note } from './context.ts';

/** @param several true for a command that serves more than one provider */
export function secretsOf(context: CommandContext, several: boolean): SecretFinder {
  const { options, env, cwd } = context;
  return new SecretFinder({
    values: options.list('secret'),
    files: options.list('secretFile'),
    variables: options.list('secretEnv'),
    env,
    cwd,
    several,
    onWarning: (message) => note(context, `warning: ${message}`),
  });
}

/** The secrets that are configured for good, whatever this command line says. */
export const configuredSecrets = ({ env, cwd }: CommandContext): SecretFinder =>
  new SecretFinder({ values: [], files: [], variables: [], env, cwd, several: true });

/** The provider with this id; the generic one as the options adjust it. */
export function providerOf({ options }: CommandContext, id: string): Provider {
  const provider = getProvider(id);
  return provider.id === 'generic' ? generic(genericOptions(options)) : provider;
}

/**
 * Reads `--public-url`: the address the provider knows, where the signature covers it.
 *
 * @throws HookcliError `bad-url`
 */
export function publicUrlOf({ options }: CommandContext): { publicUrl?: string } {
  const publicUrl = options.text('publicUrl');
  if (publicUrl === undefined) return {};
  if (/^https?:\/\/[^\s/?#]+\S*$/i.test(publicUrl) && URL.canParse(publicUrl)) return { publicUrl };
  throw new HookcliError('bad-url', `--public-url: "${publicUrl}" is not an address.`, {
    hint: 'Write it as the provider knows it, like https://example.com or https://example.com/hooks/square.',
  });
}

const ALGORITHMS = ['sha1', 'sha256', 'sha512'] as const;
const ENCODINGS = ['hex', 'base64'] as const;

function genericOptions(options: Options): GenericOptions {
  const header = options.text('signatureHeader');
  const algorithm = oneOf(options, 'algorithm', ALGORITHMS);
  const encoding = oneOf(options, 'encoding', ENCODINGS);
  const prefix = options.text('prefix');
  if (header !== undefined && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header)) {
    throw new HookcliError(
      'bad-option',
      `--signature-header: "${header}" is not a header's name.`,
      {
        hint: 'Write it like X-Signature.',
      },
    );
  }
  return {
    ...(header === undefined ? {} : { header }),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(prefix === undefined ? {} : { prefix }),
  };
}

function oneOf<T extends string>(options: Options, name: string, allowed: readonly T[]) {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  throw new HookcliError('bad-option', `--${name}: "${text}" is not known.`, {
    hint: `Possible: ${allowed.join(', ')}.`,
  });
}
