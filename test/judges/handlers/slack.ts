import type { Server } from 'node:http';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { OfficialHandler } from './handler.ts';

const ANY = /.*/;

export const slack: OfficialHandler = {
  provider: 'slack',
  receives: 'App with HTTPReceiver',
  packages: ['@slack/bolt'],
  refusal: 401,
  async serve({ secret, events, hear }) {
    const receiver = new HTTPReceiver({
      signingSecret: secret,
      endpoints: '/hooks',
      logLevel: LogLevel.ERROR,
    });
    const app = new App({
      receiver,
      logLevel: LogLevel.ERROR,
      // Given here, it is not asked of Slack.
      authorize: async () => ({
        botToken: 'xoxb-never-sent',
        botId: 'B0JUDGE',
        botUserId: 'U0JUDGE',
      }),
    });
    const taken =
      (event: string) =>
      async ({ body, ack }: { body: unknown; ack: () => Promise<void> }) => {
        await ack();
        hear({ event, body });
      };
    // Each has a listener of its own kind; what remains is an event of the Events API.
    const register: Readonly<Record<string, (event: string) => void>> = {
      slash_command: (event) => app.command(ANY, taken(event)),
      block_actions: (type) => app.action({ type: 'block_actions' }, taken(type)),
      view_submission: (type) =>
        app.view({ type: 'view_submission', callback_id: ANY }, taken(type)),
      view_closed: (type) => app.view({ type: 'view_closed', callback_id: ANY }, taken(type)),
      shortcut: (type) => app.shortcut({ type: 'shortcut', callback_id: ANY }, taken(type)),
      message_action: (type) =>
        app.shortcut({ type: 'message_action', callback_id: ANY }, taken(type)),
      message: (event) => app.message(async ({ body }) => hear({ event, id: body.event_id, body })),
    };
    const subscribe = (event: string) =>
      app.event(event, async ({ body }) => hear({ event, id: body.event_id, body }));
    for (const event of events) (register[event] ?? subscribe)(event);
    return (await receiver.start({ port: 0, host: '127.0.0.1' })) as Server;
  },
};
