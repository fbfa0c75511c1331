import type { Identify, Provider } from '../core/types.ts';

/**
 * Checks a provider when it is loaded, so that a half-made one is refused where it is written.
 *
 * @throws Error naming the provider and the member that is wrong (a mistake of its author, not of a user)
 */
export function defineProvider(provider: Provider): Provider {
  const fail = (member: string, why: string): never => {
    throw new Error(`Provider "${provider.id}": ${member} ${why}.`);
  };
  if (!/^[a-z0-9][a-z0-9-]*$/.test(provider.id))
    fail('id', 'must be lower-case words with hyphens');
  if (provider.title.trim() === '') fail('title', 'is empty');
  if (!provider.docs.startsWith('https://')) fail('docs', 'must be an https:// address');
  if (provider.schemes.length === 0) fail('schemes', 'is empty');
  if (provider.schemes[0]?.legacy) fail('schemes', 'must begin with one that can be trusted');
  if (provider.secret.env.length === 0) fail('secret.env', 'is empty');
  for (let look: Identify | undefined = provider.identify; look !== undefined; look = look.or) {
    const { headers, without = [], body = [] } = look;
    if (Object.keys(headers).length + body.length === 0) fail('identify', 'asks for nothing');
    for (const name of [...Object.keys(headers), ...without]) {
      if (name !== name.toLowerCase()) {
        fail('identify.headers', `must be lower case, not "${name}"`);
      }
    }
  }
  const { type, typeOf } = provider.event;
  if (type.length === 0 && typeOf === undefined) fail('event.type', 'is empty');
  for (const { id, isSigned } of provider.handshakes ?? []) {
    if (isSigned && provider.schemes.every(({ legacy }) => legacy)) {
      fail(`handshake ${id}`, 'is signed, but no scheme can sign it');
    }
  }
  if (provider.deadlineMs !== undefined && provider.deadlineMs <= 0) {
    fail('deadlineMs', 'must be above 0');
  }
  return provider;
}
