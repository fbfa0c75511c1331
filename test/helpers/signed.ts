import { systemRandom } from '../../src/core/ids.ts';
import { prepare } from '../../src/deliver/prepare.ts';
import type { Spoil } from '../../src/deliver/spoil.ts';
import { readFixture } from '../../src/fixtures/read.ts';
import { getProvider } from '../../src/providers/index.ts';

export interface SignedOptions {
  readonly secret: string;
  readonly spoil?: Spoil;
  readonly eventId?: string;
  readonly at?: Date;
}

/** What `fetch` needs to deliver a fixture as its provider would, without a process of its own. */
export function signed(providerId: string, event: string, options: SignedOptions) {
  const { secret, at = new Date(), ...others } = options;
  const provider = getProvider(providerId);
  const { request, eventId } = prepare({
    provider,
    event,
    content: readFixture(provider.id, event),
    at,
    signedAt: at,
    random: systemRandom,
    secret,
    url: 'http://localhost/',
    ...others,
  });
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'host');
  return {
    eventId,
    init: {
      method: 'POST',
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body: Buffer.from(request.body),
    },
  };
}
