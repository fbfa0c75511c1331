import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { HookcliError, systemCode } from '../core/errors.ts';
import { systemRandom } from '../core/ids.ts';
import type { Provider } from '../core/types.ts';
import { findProvider } from '../providers/index.ts';
import { assertUsable, secretFault } from '../providers/secret.ts';
import { changeUserSettings, readUserSettings } from './user.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface FoundSecrets {
  readonly secrets: readonly string[];
  /** Where they are from, in words: `--secret`, `STRIPE_WEBHOOK_SECRET in .env` … */
  readonly origin: string;
}

export interface SecretSources {
  /** `--secret [provider=]value` */
  readonly values: readonly string[];
  /** `--secret-file [provider=]path` */
  readonly files: readonly string[];
  /** `--secret-env [provider=]NAME` */
  readonly variables: readonly string[];
  readonly env: Env;
  readonly cwd: string;
  /**
   * True where several providers are served: then a secret given without a provider's id counts for
   * those that can use it. Otherwise it is for the one provider, and refused when unusable.
   */
  readonly several: boolean;
  /** Hears of a secret that works but protects badly. */
  readonly onWarning?: (message: string) => void;
}

/** Where a secret is from that nobody has given. */
const GENERATED = 'the generated secret';

/** So many secrets that providers hand over are kept, newest first; Asana has one for each webhook. */
const MOST_HANDED_OVER = 20;

/** Below this many characters a secret can be guessed by trying. */
const SHORT = 16;

interface GivenSecret {
  /** Absent: for whichever provider can use it. */
  readonly provider?: string;
  readonly secret: string;
  readonly origin: string;
}

/** Finds the secrets of a provider; first found wins. What it found is remembered. */
export class SecretFinder {
  readonly #given: readonly GivenSecret[];
  readonly #env: Env;
  readonly #cwd: string;
  readonly #several: boolean;
  readonly #onWarning: (message: string) => void;
  readonly #warned = new Set<string>();
  #dotEnv: Env | undefined;
  readonly #found = new Map<string, Promise<FoundSecrets>>();
  readonly #handedOver = new Map<string, readonly string[]>();

  /** @throws HookcliError when a file or variable that was named is not there */
  constructor(sources: SecretSources) {
    this.#env = sources.env;
    this.#cwd = sources.cwd;
    this.#several = sources.several;
    this.#onWarning = sources.onWarning ?? (() => {});
    this.#given = readGiven(sources);
    const empty = this.#given.find(({ secret }) => secret === '');
    if (empty !== undefined) {
      throw new HookcliError('unusable-secret', `The secret from ${empty.origin} is empty.`, {
        hint: 'An empty secret would prove nothing. See one that works: hookcli secret <provider>',
      });
    }
  }

  /**
   * The secrets of a provider; one is made and kept in user settings when there is none.
   *
   * @throws HookcliError `unusable-secret`
   */
  find(provider: Provider): Promise<FoundSecrets> {
    let found = this.#found.get(provider.id);
    if (found === undefined) {
      const known = this.findKnown(provider);
      found = known === undefined ? this.#generated(provider) : this.#paired(provider, known);
      this.#found.set(provider.id, found);
    }
    const handed = this.#handedOver.get(provider.id);
    if (handed === undefined) return found;
    return found.then(({ secrets, origin }) => ({
      secrets: [...new Set([...handed, ...secrets])],
      origin: `the handshake, and with ${origin}`,
    }));
  }

  /** Takes up a secret that the provider handed over; it counts before those that were known. */
  keep(provider: Provider, secret: string): void {
    const before = this.#handedOver.get(provider.id) ?? [];
    const kept = [secret, ...before.filter((one) => one !== secret)];
    this.#handedOver.set(provider.id, kept.slice(0, MOST_HANDED_OVER));
  }

  /** As `find`, but undefined when the user has given none. */
  findKnown(provider: Provider): FoundSecrets | undefined {
    const found =
      this.#fromCommandLine(provider) ??
      this.#fromVariables(provider, this.#env, '') ??
      this.#fromVariables(provider, this.#readDotEnv(), ' in .env') ??
      this.#fromSettings(provider);
    for (const secret of found?.secrets ?? []) {
      assertUsable(provider, secret, found?.origin);
      // One made in a provider's own format is as long as theirs are.
      if (found?.origin !== GENERATED) this.#warnIfShort(secret, found?.origin ?? '');
    }
    return found;
  }

  /** Once, though several providers may share it. */
  #warnIfShort(secret: string, origin: string): void {
    if (secret.length >= SHORT || this.#warned.has(secret)) return;
    this.#warned.add(secret);
    this.#onWarning(
      `the secret from ${origin} has only ${secret.length} characters; one that short can be guessed.`,
    );
  }

  #fromCommandLine(provider: Provider): FoundSecrets | undefined {
    const given = this.#given.filter((one) =>
      one.provider === undefined
        ? !this.#several || secretFault(provider, one.secret) === undefined
        : one.provider === provider.id,
    );
    const origin = given[0]?.origin;
    return origin === undefined
      ? undefined
      : { secrets: given.map(({ secret }) => secret), origin };
  }

  #fromVariables(provider: Provider, env: Env, suffix: string): FoundSecrets | undefined {
    const own = `HOOKCLI_${provider.id.replace(/-/g, '_').toUpperCase()}_SECRET`;
    for (const name of [own, ...provider.secret.env]) {
      const secret = env[name];
      if (secret !== undefined) return { secrets: [secret], origin: `${name}${suffix}` };
    }
    return undefined;
  }

  #readDotEnv(): Env {
    if (this.#dotEnv !== undefined) return this.#dotEnv;
    const file = path.join(this.#cwd, '.env');
    try {
      this.#dotEnv = parseEnv(fs.readFileSync(file, 'utf8')) as Env;
    } catch (error) {
      const code = systemCode(error);
      if (code !== 'ENOENT' && code !== 'EISDIR') {
        throw new HookcliError('unreadable-env', `Cannot read ${file}: ${code}.`, { cause: error });
      }
      this.#dotEnv = {};
    }
    return this.#dotEnv;
  }

  #fromSettings(provider: Provider): FoundSecrets | undefined {
    const settings = readUserSettings(this.#env);
    const secret = settings.secrets[provider.id];
    if (secret !== undefined) return { secrets: [secret], origin: 'user settings' };
    return generatedSecret(settings.generated[provider.id]);
  }

  /** A handler knows only the public half of a pair we keep; to sign we need the other one too. */
  async #paired(provider: Provider, known: FoundSecrets): Promise<FoundSecrets> {
    const { pair } = provider.secret;
    if (pair === undefined) return known;
    const [own = ''] = (await this.#generated(provider)).secrets;
    return { ...known, secrets: known.secrets.map((given) => pair(given, own)) };
  }

  async #generated(provider: Provider): Promise<FoundSecrets> {
    await changeUserSettings(this.#env, 'generated', (members) => ({
      // Another process may have been first; then its secret is everybody's.
      [provider.id]: provider.secret.generate(systemRandom),
      ...members,
    }));
    const made = generatedSecret(readUserSettings(this.#env).generated[provider.id]);
    if (made === undefined) throw new Error(`The secret made for ${provider.id} was not kept.`);
    return made;
  }
}

const generatedSecret = (secret: string | undefined): FoundSecrets | undefined =>
  secret === undefined ? undefined : { secrets: [secret], origin: GENERATED };

function readGiven({ values, files, variables, env, cwd }: SecretSources): GivenSecret[] {
  return [
    ...values.map((text) => {
      const { provider, rest } = splitPrefix(text);
      return { ...provider, secret: rest, origin: '--secret' };
    }),
    ...files.map((text) => {
      const { provider, rest } = splitPrefix(text);
      return { ...provider, secret: readSecretFile(path.resolve(cwd, rest)), origin: rest };
    }),
    ...variables.map((text) => {
      const { provider, rest } = splitPrefix(text);
      const secret = env[rest];
      if (secret === undefined) {
        throw new HookcliError('missing-variable', `--secret-env: ${rest} is not set.`, {
          hint: `Set it first: export ${rest}=…`,
        });
      }
      return { ...provider, secret, origin: rest };
    }),
  ];
}

/** Secrets may hold `=` themselves, so only a provider's id counts as a prefix. */
function splitPrefix(text: string): { provider: { provider?: string }; rest: string } {
  const equals = text.indexOf('=');
  const id = equals > 0 ? text.slice(0, equals) : '';
  return findProvider(id) === undefined
    ? { provider: {}, rest: text }
    : { provider: { provider: id }, rest: text.slice(equals + 1) };
}

function readSecretFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new HookcliError(
      'missing-file',
      `--secret-file: cannot read ${file}: ${systemCode(error)}.`,
      {
        hint: 'Check the path; the file holds the secret and nothing else.',
        cause: error,
      },
    );
  }
}
