import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/ids.ts';
import { payloadOf } from '../../src/core/place.ts';
import type { RawRequest } from '../../src/core/types.ts';
import { signSpoiled } from '../../src/deliver/spoil.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import { getProvider } from '../../src/providers/index.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { composed } from '../helpers/requests.ts';
import { stop } from '../helpers/servers.ts';
import { github } from './handlers/github.ts';
import { type Heard, originOf } from './handlers/handler.ts';
import { line } from './handlers/line.ts';
import { slack } from './handlers/slack.ts';
import { stripe } from './handlers/stripe.ts';
import { telegram } from './handlers/telegram.ts';
import { text } from './judge.ts';
import { judged, versionOf } from './record.ts';
import { ask } from './wire.ts';

describe.each([stripe, github, slack, telegram, line])(
  "$provider's official handler",
  (official) => {
    const provider = getProvider(official.provider);
    const secret = provider.secret.generate(seededRandom(provider.id));
    const events = listFixtures(provider.id).map(({ event }) => event);
    const by = `${official.packages.map(versionOf).join(', ')}: ${official.receives}`;
    const heard: Heard[] = [];
    let server: Server;

    beforeAll(async () => {
      server = await official.serve({ secret, events, hear: (one) => heard.push(one) });
    });
    afterAll(() => stop(server));

    const options = (eventId: string) => ({ secret, eventId, at: new Date() });

    it.for(events)('is called with %s', async (event, { task }) => {
      judged(task, { provider: provider.id, event, by });
      heard.length = 0;
      const request = composed(provider, event);
      const signed = signRequest(request, provider, options(request.eventId));
      const { status, body } = await ask(originOf(server), signed);
      expect(status, body).toBe(200);
      expect(heard.map((one) => one.event)).toEqual([event]);
      const [{ id = request.eventId, body: given }] = heard as [Heard];
      expect(id).toBe(request.eventId);
      // As JSON: what the SDK adds to objects for its own use is not part of the event.
      expect(JSON.parse(JSON.stringify(given))).toEqual(sentIn(signed));
    });

    it.for(events)('is not called with %s falsely signed', async (event, { task }) => {
      judged(task, { provider: provider.id, event, by });
      heard.length = 0;
      const request = composed(provider, event);
      const spoiling = { spoil: 'signature', random: seededRandom(event) } as const;
      const spoiled = signSpoiled(request, provider, { ...options(request.eventId), ...spoiling });
      expect((await ask(originOf(server), spoiled)).status).toBe(official.refusal);
      expect(heard).toEqual([]);
    });
  },
);

/** The payload of a request, in JSON or in the fields of a form. */
const sentIn = (request: RawRequest): unknown =>
  payloadOf(request) ?? Object.fromEntries(new URLSearchParams(text(request)));
