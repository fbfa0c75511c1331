import { EXIT } from '../core/errors.ts';
import { eventJson } from '../store/record.ts';
import { eventPage } from '../terminal/event-page.ts';
import { jsonOf, type RunCommand, storeOf } from './context.ts';

export const run: RunCommand = async (context) => {
  const { options, args, stdout } = context;
  const event = storeOf(context).find(args[0] ?? 'last');
  if (options.flag('body')) {
    stdout.write(event.request.body);
  } else if (options.flag('json')) {
    jsonOf(context).write(eventJson(event, { request: true }));
  } else {
    stdout.write(`${eventPage(event, context.theme, { width: stdout.columns })}\n`);
  }
  return EXIT.ok;
};
