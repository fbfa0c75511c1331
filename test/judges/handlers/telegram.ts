import { Bot, type FilterQuery, webhookCallback } from 'grammy';
import { listening, type OfficialHandler } from './handler.ts';

/** Given to the bot, it is not asked of Telegram. */
const botInfo = {
  id: 1,
  is_bot: true,
  first_name: 'Judge',
  username: 'judge_example_bot',
} as NonNullable<ConstructorParameters<typeof Bot>[1]>['botInfo'] & object;

export const telegram: OfficialHandler = {
  provider: 'telegram',
  receives: 'webhookCallback',
  packages: ['grammy'],
  refusal: 401,
  async serve({ secret, events, hear }) {
    const bot = new Bot('1:never_sent', { botInfo });
    for (const event of events) {
      bot.on(event as FilterQuery, ({ update }) =>
        hear({ event, id: String(update.update_id), body: update }),
      );
    }
    const callback = webhookCallback(bot, 'http', { secretToken: secret });
    return listening((request, response) => void callback(request, response));
  },
};
