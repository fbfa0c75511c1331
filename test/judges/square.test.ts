import { WebhooksHelper } from 'square';
import square from '../../src/providers/square.ts';
import { header, testJudge, text } from './judge.ts';

testJudge({
  sdk: 'square',
  provider: square,
  accepts: (request, signatureKey) =>
    WebhooksHelper.verifySignature({
      requestBody: text(request),
      signatureHeader: header(request, 'x-square-hmacsha256-signature'),
      signatureKey,
      notificationUrl: request.url,
    }),
  decodes: 'square 46 takes the body as text',
});
