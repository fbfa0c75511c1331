import type { Header } from '../../src/core/types.ts';

/** A genuine request whose signature was made by a tool that shares no code with this project. */
export interface OutsideVector {
  readonly what: string;
  readonly scheme: string;
  readonly secret: string;
  readonly headers: readonly Header[];
  readonly body: string | Uint8Array;
  /** Unix seconds; absent where nothing is dated. */
  readonly at?: number;
}

export const OUTSIDE_VECTORS: Readonly<Record<string, readonly OutsideVector[]>> = {
  // printf '%s' '1767225600.{"id":…}' | openssl dgst -sha256 -hmac 'whsec_9uX…' (OpenSSL 3.0.19);
  // the other two with Python 3.11: hmac.new(secret, b'1767225600.' + body, 'sha256').hexdigest()
  stripe: [
    {
      what: 'compact JSON',
      scheme: 'stripe',
      secret: 'whsec_9uXkTqLw3ZrVb7NcMd2H',
      headers: [
        [
          'Stripe-Signature',
          't=1767225600,v1=d31118f36cfb14893400f5114113c88eaf6dcc6a9f4e615506a399914b7726f1',
        ],
      ],
      body: '{"id":"evt_outside","type":"charge.succeeded"}',
      at: 1767225600,
    },
    {
      what: 'JSON of several lines, beyond ASCII',
      scheme: 'stripe',
      secret: 'whsec_9uXkTqLw3ZrVb7NcMd2H',
      headers: [
        [
          'Stripe-Signature',
          't=1767225600,v1=777e09a5f7efea65f23b11e8caeef4d45deb27c99dfc3d53c37c0c7aa4b6ef62',
        ],
      ],
      body: '{\n  "id": "evt_outside",\n  "type": "charge.succeeded",\n  "note": "Grüße ☂"\n}',
      at: 1767225600,
    },
    {
      what: 'bytes that are not UTF-8',
      scheme: 'stripe',
      secret: 'whsec_9uXkTqLw3ZrVb7NcMd2H',
      headers: [
        [
          'Stripe-Signature',
          't=1767225600,v1=19c2463be5951efdd17b6c0c18f4bd5654f5b82b697c2d2646cbe3401e2500ab',
        ],
      ],
      body: Buffer.from('/wD+IG5vdCBVVEYtOCANCg==', 'base64'),
      at: 1767225600,
    },
  ],

  // printf '%s' '<body>' | openssl dgst -sha256 -hmac 'correct horse battery' (OpenSSL 3.0.19)
  github: [
    {
      what: 'JSON',
      scheme: 'github',
      secret: 'correct horse battery',
      headers: [
        ['Content-Type', 'application/json'],
        // The same with -sha1, as GitHub sends it beside.
        ['X-Hub-Signature', 'sha1=a47a654d221d63e0afdb8f3b0e07729c84d17c5b'],
        [
          'X-Hub-Signature-256',
          'sha256=536ae45d9044201c1bc05adbf73a23bcc40ea22c8d290e10737f4a5510d8d1fa',
        ],
      ],
      body: '{"action":"opened","zen":"outside"}',
    },
    {
      what: 'a form',
      scheme: 'github',
      secret: 'correct horse battery',
      headers: [
        ['Content-Type', 'application/x-www-form-urlencoded'],
        [
          'X-Hub-Signature-256',
          'sha256=e08977df65d2c7f3573f7683e265ab51369368a982941772d8a6dcfc44e86c0e',
        ],
      ],
      body: 'payload=%7B%22zen%22%3A%22outside%22%7D',
    },
  ],

  'standard-webhooks': [
    {
      // Python 3.11: base64(hmac.new(base64decode(key), b'msg_outside1.1767225600.' + body, 'sha256').digest())
      what: 'a shared secret',
      scheme: 'standard-webhooks',
      secret: 'whsec_b3V0c2lkZSBrZXkgb2YgMzIgYnl0ZXMsIG5vdCBvdXJzIQ==',
      headers: [
        ['webhook-id', 'msg_outside1'],
        ['webhook-timestamp', '1767225600'],
        ['webhook-signature', 'v1,js1E2Mq7iPYVqJJ2mlgDf+nzFOTa++uYsjoGdPdbZJI='],
      ],
      body: '{"type":"outside.made","data":{"n":1}}',
      at: 1767225600,
    },
    {
      // OpenSSL 3.0.19: genpkey -algorithm ed25519, then pkeyutl -sign -rawin over
      // 'msg_outside2.1767225600.<body>'; the public key is the tail of pkey -pubout -outform DER.
      what: 'a key pair',
      scheme: 'standard-webhooks-asym',
      secret: 'whpk_TYTfjJEL1J5r1H3BAwkz3ISj2CjdtcipgwDmAfAEnmY=',
      headers: [
        ['webhook-id', 'msg_outside2'],
        ['webhook-timestamp', '1767225600'],
        [
          'webhook-signature',
          'v1a,qX6NtKrKCegC5DhIID3OIUb4RntesyhwgXU4JykeDQrQu3lUIslBHXFa+5w8GqUFw95xtIwbr1s9LHvsH3dcDw==',
        ],
      ],
      body: '{"type":"outside.made","data":{"n":2}}',
      at: 1767225600,
    },
  ],

  // printf '%s' '<body>' | openssl dgst -sha256 -hmac 'plain words as a key' (OpenSSL 3.0.19)
  generic: [
    {
      what: 'JSON',
      scheme: 'generic',
      secret: 'plain words as a key',
      headers: [
        ['X-Signature', 'af1e136734677abab222a41596684f8488f2508267f951fe5e2aece34e7c3ee2'],
      ],
      body: '{"id":7,"type":"outside.made"}',
    },
  ],
};
