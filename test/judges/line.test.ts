import { validateSignature } from '@line/bot-sdk';
import line from '../../src/providers/line.ts';
import { header, testJudge } from './judge.ts';

const LAX = 'bot-sdk 11 decodes base64 as Node does, which stops at what is none';

testJudge({
  sdk: '@line/bot-sdk',
  provider: line,
  accepts: (request, secret) =>
    validateSignature(Buffer.from(request.body), secret, header(request, 'x-line-signature')),
  reads: {
    'without its last character': LAX,
    'with a character too many': LAX,
    'without padding': LAX,
    'in the base64 of URLs': LAX,
    'twice, after a comma': LAX,
    'twice, after a comma and a space': LAX,
    'twice, after a space': LAX,
    'twice, after a semicolon': LAX,
  },
});
