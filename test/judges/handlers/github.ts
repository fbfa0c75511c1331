import {
  createNodeMiddleware,
  type EmitterWebhookEventName,
  emitterEventNames,
  Webhooks,
} from '@octokit/webhooks';
import { listening, type OfficialHandler } from './handler.ts';

/** Their actions are up to whoever causes them. */
const MADE_UP = new Set(['repository_dispatch']);

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export const github: OfficialHandler = {
  provider: 'github',
  receives: 'createNodeMiddleware',
  packages: ['@octokit/webhooks'],
  refusal: 400,
  async serve({ secret, events, hear }) {
    const webhooks = new Webhooks({ secret });
    for (const event of events) {
      webhooks.on(nameOf(event), ({ id, payload }) => hear({ event, id, body: payload }));
    }
    const middleware = createNodeMiddleware(webhooks, { path: '/hooks', log: silent });
    return listening((request, response) => void middleware(request, response));
  },
};

const known = (name: string): name is EmitterWebhookEventName =>
  (emitterEventNames as readonly string[]).includes(name);

/** The name to listen for; some events have actions that their senders make up. */
function nameOf(event: string): EmitterWebhookEventName {
  const [name = ''] = event.split('.');
  if (known(event)) return event;
  if (known(name) && MADE_UP.has(name)) return name;
  throw new Error(`@octokit/webhooks knows no event ${event}.`);
}
