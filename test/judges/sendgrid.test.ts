import { EventWebhook, EventWebhookHeader } from '@sendgrid/eventwebhook';
import sendgrid from '../../src/providers/sendgrid.ts';
import { p256DerPair } from '../../src/schemes/key-pair.ts';
import { header, testJudge, unlessRefused } from './judge.ts';

const LAX = 'eventwebhook 8 decodes base64 as Node does, which passes over what is none';
const judge = new EventWebhook();

testJudge({
  sdk: '@sendgrid/eventwebhook',
  provider: sendgrid,
  accepts(request, secret) {
    const key = judge.convertPublicKeyToECDSA(p256DerPair.publicPart(secret));
    const signature = header(request, EventWebhookHeader.SIGNATURE());
    const timestamp = header(request, EventWebhookHeader.TIMESTAMP());
    return unlessRefused(
      () => judge.verifySignature(key, Buffer.from(request.body), signature, timestamp),
      /^wanted |^trailing junk|^ran out of length/,
    );
  },
  // How long the signature is changes from one to the next, and with it where base64 is lax.
  rewritings: [
    'in upper case',
    'with a character too many',
    'without padding',
    'in the base64 of URLs',
  ],
  reads: {
    'with a character too many': LAX,
    'without padding': LAX,
    'in the base64 of URLs': LAX,
  },
  decodes: 'eventwebhook 8 decodes the body to text before it verifies it',
});
