import { LinearWebhookClient } from '@linear/sdk/webhooks';
import linear from '../../src/providers/linear.ts';
import { header, testJudge, unlessRefused } from './judge.ts';

testJudge({
  sdk: '@linear/sdk',
  provider: linear,
  accepts: (request, secret) =>
    unlessRefused(
      () =>
        new LinearWebhookClient(secret).verify(
          Buffer.from(request.body),
          header(request, 'linear-signature'),
        ),
      /^(Invalid webhook (signature|timestamp)|Missing webhook timestamp)$/,
    ),
});
