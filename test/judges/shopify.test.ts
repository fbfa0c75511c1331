import '@shopify/shopify-api/adapters/web-api';
import { ApiVersion, LogSeverity, shopifyApi } from '@shopify/shopify-api';
import shopify from '../../src/providers/shopify.ts';
import { headersOf, testJudge, text } from './judge.ts';

testJudge({
  sdk: '@shopify/shopify-api',
  provider: shopify,
  async accepts(request, apiSecretKey) {
    const { webhooks } = shopifyApi({
      apiKey: 'never-sent',
      apiSecretKey,
      apiVersion: ApiVersion.October25,
      hostName: 'localhost',
      isEmbeddedApp: false,
      logger: { level: LogSeverity.Error },
    });
    const { url, method } = request;
    const { valid } = await webhooks.validate({
      rawBody: text(request),
      rawRequest: new Request(url, { method, headers: headersOf(request) }),
    });
    return valid;
  },
  decodes: 'shopify-api 13 takes the body as text',
});
