import express from 'express';
import Stripe from 'stripe';
import { listening, type OfficialHandler } from './handler.ts';

/** As in Stripe's documentation: Express, the raw body, and a method of the SDK that verifies. */
export const stripe: OfficialHandler = {
  provider: 'stripe',
  receives: 'constructEvent and parseEventNotification on Express',
  packages: ['stripe', 'express'],
  refusal: 400,
  async serve({ secret, events, hear }) {
    const sdk = new Stripe('sk_test_never_sent');
    const known = new Set(events);
    const app = express();
    app.post('/hooks', express.raw({ type: 'application/json' }), (request, response) => {
      const signature = request.headers['stripe-signature'] as string;
      try {
        // Thin events have a method of their own.
        const event = request.body.includes('"v2.core.event"')
          ? sdk.parseEventNotification(request.body, signature, secret)
          : sdk.webhooks.constructEvent(request.body, signature, secret);
        if (known.has(event.type)) hear({ event: event.type, id: event.id, body: event });
        response.json({ received: true });
      } catch (error) {
        response.status(400).send(`Webhook Error: ${(error as Error).message}`);
      }
    });
    return listening(app);
  },
};
