import { getPath, parsePath } from '../core/json-path.ts';
import { inJson, payloadOf, writePlace } from '../core/place.ts';
import type { RawRequest, Scheme } from '../core/types.ts';
import { decodeDigest, hmacDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { hexKey } from './secret-key.ts';
import { rejected, verified } from './verdicts.ts';

const ID = 'adyen-item';

const itemAt = (index: number): string => `notificationItems.${index}.NotificationRequestItem`;
const signatureAt = (index: number): string => `${itemAt(index)}.additionalData.hmacSignature`;

const SIGNED = [
  'pspReference',
  'originalReference',
  'merchantAccountCode',
  'merchantReference',
  'amount.value',
  'amount.currency',
  'eventCode',
  'success',
].map(parsePath);

/** What is signed of each item: some of its fields, an empty text for one that is not there. */
function itemsOf(request: RawRequest): string[] {
  const payload = payloadOf(request);
  const items = getPath(payload, ['notificationItems']);
  if (!Array.isArray(items)) return [];
  return items.map((_, index) => {
    const item = getPath(payload, parsePath(itemAt(index)));
    return SIGNED.map((path) => String(getPath(item, path) ?? '')).join(':');
  });
}

const digest = (secret: string, content: string): Buffer =>
  hmacDigest('sha256', hexKey.bytes(secret), [content]);

/** HMAC over eight fields of each notification item, within the item itself. */
export const adyenItemHmac: Scheme = {
  id: ID,
  covers: 'of each item its references, merchant account, amount, eventCode and success',
  carriers: [inJson(signatureAt(0))],
  bodyUnsigned: true,
  appliesTo: (request) => itemsOf(request).length > 0,
  secretFault: hexKey.fault,

  sign(request, { secret }) {
    let signed = request;
    for (const [index, content] of itemsOf(request).entries()) {
      const signature = digest(secret, content).toString('base64');
      signed = writePlace(signed, inJson(signatureAt(index)), signature);
    }
    return signed;
  },

  verify(request, { secrets }) {
    const payload = payloadOf(request);
    const items = itemsOf(request);
    if (items.length === 0) {
      return rejected(ID, 'missing', 'There is no list of notificationItems in the body.');
    }
    const proofs: { given: Buffer; content: string }[] = [];
    for (const [index, content] of items.entries()) {
      const text = getPath(payload, parsePath(signatureAt(index)));
      if (text === undefined) {
        return rejected(ID, 'missing', `There is no ${signatureAt(index)} in the body.`);
      }
      const given = typeof text === 'string' ? decodeDigest(text, 'base64', 32) : undefined;
      if (given === undefined) {
        const detail = `The ${signatureAt(index)} of the body is not 32 bytes in base64.`;
        return rejected(ID, 'malformed', detail);
      }
      proofs.push({ given, content });
    }
    const matched = matchingSecret(secrets, hexKey.fault, (secret) =>
      proofs.every(({ given, content }) => sameDigest(given, digest(secret, content))),
    );
    if (matched !== -1) return verified(ID, secrets, matched);
    const detail =
      'An item was signed with another key, or one of its signed fields is another than then.';
    return rejected(ID, 'mismatch', detail);
  },
};
