import { middleware, SignatureValidationFailed, type webhook } from '@line/bot-sdk';
import express, { type NextFunction, type Request, type Response } from 'express';
import { listening, type OfficialHandler } from './handler.ts';

/** As in the SDK's documentation: its middleware on Express, and an error handler after it. */
export const line: OfficialHandler = {
  provider: 'line',
  receives: 'middleware on Express',
  packages: ['@line/bot-sdk', 'express'],
  refusal: 401,
  async serve({ secret, events, hear }) {
    const known = new Set(events);
    const app = express();
    app.post('/hooks', middleware({ channelSecret: secret }), (request, response) => {
      const body = request.body as webhook.CallbackRequest;
      const [first] = body.events;
      if (first !== undefined && known.has(first.type)) {
        hear({ event: first.type, id: first.webhookEventId, body });
      }
      response.json({});
    });
    app.use((error: Error, _: Request, response: Response, next: NextFunction) => {
      if (!(error instanceof SignatureValidationFailed)) return next(error);
      response.status(401).send(error.message);
    });
    return listening(app);
  },
};
