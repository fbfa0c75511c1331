import type { Header } from '../../src/core/types.ts';

/** A genuine request whose signature was made by a tool that shares no code with this project. */
export interface OutsideVector {
  readonly what: string;
  readonly scheme: string;
  readonly secret: string;
  /** POST when absent. */
  readonly method?: string;
  /** Absolute, where it is signed. */
  readonly url?: string;
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

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  gitlab: [
    {
      what: 'a secret token',
      scheme: 'gitlab-token',
      secret: 'outside-token-41',
      headers: [
        ['X-Gitlab-Event', 'Push Hook'],
        ['X-Gitlab-Token', 'outside-token-41'],
      ],
      body: '{"object_kind":"push","ref":"refs/heads/outside"}',
    },
    {
      what: 'a signing token',
      scheme: 'standard-webhooks',
      secret: 'whsec_b3V0c2lkZSBrZXk6IGV4YWN0bHkgMzIgYnl0ZXMgb2s=',
      headers: [
        ['X-Gitlab-Event', 'Push Hook'],
        ['webhook-id', 'outside-id-1'],
        ['webhook-timestamp', '1767225600'],
        ['webhook-signature', 'v1,tiPWIKWiJmNqoxc2P9wk16FQsTlcrcDQrWQItWWplio='],
      ],
      body: '{"object_kind":"push","ref":"refs/heads/outside"}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  notion: [
    {
      what: 'JSON',
      scheme: 'notion',
      secret: 'secret_outside0',
      headers: [
        [
          'X-Notion-Signature',
          'sha256=3061db951278a11f46a35d851a01bfaadce136cabba0ea25ee5f61bff6a55993',
        ],
      ],
      body: '{"id":"outside","type":"page.created"}',
    },
    {
      what: 'hex in upper case',
      scheme: 'notion',
      secret: 'secret_outside0',
      headers: [
        [
          'X-Notion-Signature',
          'sha256=3061DB951278A11F46A35D851A01BFAADCE136CABBA0EA25EE5F61BFF6A55993',
        ],
      ],
      body: '{"id":"outside","type":"page.created"}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  airtable: [
    {
      what: 'JSON',
      scheme: 'airtable',
      secret: 'b3V0c2lkZSD/ACBieXRlcyBhcyBhIGtleQ==',
      headers: [
        [
          'X-Airtable-Content-MAC',
          'hmac-sha256=1ee47607216c36391a060205a094279fc03a91ea9ee9276891c7043ada3be65b',
        ],
      ],
      body: '{"base":{"id":"appOutside"},"webhook":{"id":"achOutside"}}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  vercel: [
    {
      what: 'JSON',
      scheme: 'vercel',
      secret: 'outside words as a key',
      headers: [['x-vercel-signature', '333f31efd3be092daca45147f0d8850389d6bdb0']],
      body: '{"id":"uev_outside","type":"deployment.created"}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  cloudflare: [
    {
      what: 'a notification',
      scheme: 'cloudflare-notifications',
      secret: 'outside-token-42',
      headers: [['cf-webhook-auth', 'outside-token-42']],
      body: '{"alert_type":"outside_alert","text":"é"}',
    },
    {
      what: 'a video',
      scheme: 'cloudflare-stream',
      secret: 'outside words as a key',
      headers: [
        [
          'Webhook-Signature',
          'time=1767225600,sig1=52c43ff04a4d4398e26c2853f7eb393607e2a61912903549ed95233cce37b35f',
        ],
      ],
      body: '{"uid":"outside","status":{"state":"ready"}}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  telegram: [
    {
      what: 'an update',
      scheme: 'telegram',
      secret: 'outside_token-43',
      headers: [['X-Telegram-Bot-Api-Secret-Token', 'outside_token-43']],
      body: '{"update_id":7,"message":{"message_id":1}}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  shopify: [
    {
      what: 'JSON',
      scheme: 'shopify',
      secret: 'outside words as a key',
      headers: [
        ['X-Shopify-Topic', 'orders/create'],
        ['X-Shopify-Hmac-SHA256', 'Ffsx33eoDvFKGBfTRxhJ1y7G0vHrR86MB0zvMM12xsc='],
      ],
      body: '{"id":1,"note":"outside é"}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  intercom: [
    {
      what: 'JSON',
      scheme: 'intercom',
      secret: 'outside words as a key',
      headers: [['X-Hub-Signature', 'sha1=dd2c8faeee7ce19b479c23d515d6040acbd441b5']],
      body: '{"type":"notification_event","topic":"ping","id":"outside"}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  meta: [
    {
      what: 'JSON with escapes',
      scheme: 'meta',
      secret: 'outside words as a key',
      headers: [
        ['X-Hub-Signature', 'sha1=5d352713f36a3075622d63e957826a0793484de0'],
        [
          'X-Hub-Signature-256',
          'sha256=4bcf4b22638272ce3be25bd6d00d78226256f31bb36681144dee6e53256cd264',
        ],
      ],
      body: '{"object":"page","entry":[{"id":"outside","time":1,"changes":[{"field":"feed","value":"caf\\u00e9 \\/ \\ud83d\\udc4d"}]}]}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  dropbox: [
    {
      what: 'JSON',
      scheme: 'dropbox',
      secret: 'outside words as a key',
      headers: [
        ['X-Dropbox-Signature', '47549cda06a09d1b493f2b7583654bcf9fdacfbf523b5b2cd4ac11e28a7859f8'],
      ],
      body: '{"list_folder":{"accounts":["dbid:outside"]}}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  typeform: [
    {
      what: 'JSON',
      scheme: 'typeform',
      secret: 'outside words as a key',
      headers: [['Typeform-Signature', 'sha256=9c7+EznafRQ3yKNe4A3K+gcHYEBdHsZRqSPe//vV/is=']],
      body: '{"event_id":"outside","event_type":"form_response"}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  sentry: [
    {
      what: 'JSON',
      scheme: 'sentry',
      secret: 'outside words as a key',
      headers: [
        ['Sentry-Hook-Resource', 'issue'],
        [
          'Sentry-Hook-Signature',
          '128dfca9ef13adbc38fd8a24ea5cc66767a3f040872e555684242b9f48cd3fb5',
        ],
      ],
      body: '{"action":"created","data":{"issue":{"title":"outside"}}}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  lemonsqueezy: [
    {
      what: 'JSON',
      scheme: 'lemonsqueezy',
      secret: 'outside words as a key',
      headers: [
        ['X-Event-Name', 'order_created'],
        ['X-Signature', 'a8c5244d8109b389ab7adc4cf6c0871850a8a4b967b360d8203a8a1360f60a8a'],
      ],
      body: '{"meta":{"event_name":"order_created"},"data":{"id":"outside"}}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  asana: [
    {
      what: 'JSON',
      scheme: 'asana',
      secret: 'outside words as a key',
      headers: [
        ['X-Hook-Signature', 'ec368fb1c908e68b5b6086b277713331a278e8ac6563d7fae52bf4be871ba494'],
      ],
      body: '{"events":[{"action":"changed"}]}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  docusign: [
    {
      what: 'one key',
      scheme: 'docusign',
      secret: 'outside words as a key',
      headers: [['X-DocuSign-Signature-1', 'ukcbaKWKCNOBKcSC5l0M3wrik78VXCka6Rn7irRYYgQ=']],
      body: '{"event":"envelope-sent",\r\n"data":{"envelopeId":"outside"}}',
    },
    {
      what: 'the second of two keys',
      scheme: 'docusign',
      secret: 'outside words as a key',
      headers: [
        ['X-DocuSign-Signature-1', 'jb5Pz6bOOpY9dirGote4BKvntZDNQHUhqBiRtpyEY/s='],
        ['X-DocuSign-Signature-2', 'ukcbaKWKCNOBKcSC5l0M3wrik78VXCka6Rn7irRYYgQ='],
      ],
      body: '{"event":"envelope-sent",\r\n"data":{"envelopeId":"outside"}}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  heroku: [
    {
      what: 'JSON',
      scheme: 'heroku',
      secret: 'outside words as a key',
      headers: [['Heroku-Webhook-Hmac-SHA256', 'HGmgOPrIM/KJDYjepz4oBwFvRWh+AHawSx7P3SBLgl4=']],
      body: '{"action":"create","resource":"release","id":"outside"}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  xero: [
    {
      what: 'a key that looks like base64',
      scheme: 'xero',
      secret: 'b3V0c2lkZSBrZXkgdGhhdCBpcyBub3QgdG8gYmUgZGVjb2RlZA==',
      headers: [['x-xero-signature', '8Z1yBCNsCcvBmJ8m4fEpfv2x0M9PGOA6KTJUiuU8VgY=']],
      body: '{"events":[],"entropy":"OUTSIDE"}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  quickbooks: [
    {
      what: 'JSON',
      scheme: 'quickbooks',
      secret: 'outside words as a key',
      headers: [['intuit-signature', 'qyaDRFTfRlUT0u/sAOpOILNUkOAq0wUFxll4NllOdyg=']],
      body: '{"eventNotifications":[{"realmId":"outside"}]}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  coinbase: [
    {
      what: 'Commerce',
      scheme: 'coinbase-commerce',
      secret: 'outside words as a key',
      headers: [
        [
          'X-CC-Webhook-Signature',
          'abee3958d8c87aaa680a331d32ac75dfb05fd1c47581a05f2523d61d2620b80a',
        ],
      ],
      body: '{"id":"outside","event":{"id":"outside","type":"charge:created"}}',
    },
    {
      what: 'the Developer Platform',
      scheme: 'coinbase-cdp',
      secret: 'outside words as a key',
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Event-Id', 'outside'],
        ['X-Event-Type', 'onchain.activity.detected'],
        [
          'X-Hook0-Signature',
          't=1767225600,h=content-type x-event-id x-event-type,v1=8f93c4967bdb939e29b8c9fedb04500f31b932e1ea5e31a9e46cdb8d99062238',
        ],
      ],
      body: '{"id":"outside","type":"onchain.activity.detected"}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  bitbucket: [
    {
      what: 'JSON',
      scheme: 'bitbucket',
      secret: 'outside words as a key',
      headers: [
        ['X-Event-Key', 'repo:push'],
        [
          'X-Hub-Signature',
          'sha256=5c2e42cacdf35c37d1eb60b4ad4f30a01cce7c34bbe8a5379e1510d691c62827',
        ],
      ],
      body: '{"push":{"changes":[]},"actor":{"nickname":"outside"}}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  line: [
    {
      what: 'JSON',
      scheme: 'line',
      secret: 'outside words as a key',
      headers: [['x-line-signature', 'e3vPoh5xZ2O0H2wD/da8hIf3TghPQzUK4T9s1+nWt70=']],
      body: '{"destination":"outside","events":[]}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  x: [
    {
      what: 'JSON',
      scheme: 'x',
      secret: 'outside words as a key',
      headers: [
        ['x-twitter-webhooks-signature', 'sha256=GMBh56UPxMrA2XDy5xmwBlhXAvqmxooxmUC4eHJH1Ho='],
      ],
      body: '{"for_user_id":"7","tweet_create_events":[{"text":"outside \\ud83d\\ude80"}]}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  razorpay: [
    {
      what: 'JSON',
      scheme: 'razorpay',
      secret: 'outside words as a key',
      headers: [
        [
          'X-Razorpay-Signature',
          '5e0aeb48265255ff516807a900c17d90a7acd3fecda1f489366e54b4c9514f08',
        ],
      ],
      body: '{"event":"payment.captured","account_id":"outside"}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  figma: [
    {
      what: 'a passcode',
      scheme: 'figma',
      secret: 'outside-token-44',
      headers: [],
      body: '{"event_type":"FILE_UPDATE","passcode":"outside-token-44","timestamp":"2026-01-01T00:00:00Z","webhook_id":"7"}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  svix: [
    {
      what: 'JSON',
      scheme: 'svix',
      secret: 'whsec_b3V0c2lkZSBrZXkgb2YgMjQgYnl0ZXMh',
      headers: [
        ['svix-id', 'msg_outside3'],
        ['svix-timestamp', '1767225600'],
        ['svix-signature', 'v1,h4+hxsfYyKfmD7rMHoJCd5Pr9sdZfKGnW1NQLNtwCEc='],
      ],
      body: '{"type":"endpoint.created","data":{}}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  clerk: [
    {
      what: 'JSON',
      scheme: 'svix',
      secret: 'whsec_b3V0c2lkZSBrZXkgb2YgMjQgYnl0ZXMh',
      headers: [
        ['svix-id', 'msg_outside3'],
        ['svix-timestamp', '1767225600'],
        ['svix-signature', 'v1,YeDcfdOXSP2yUfDqCZ+UHIfPghyXBBZmWTF/vpjlRgw='],
      ],
      body: '{"object":"event","type":"user.created","data":{}}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  resend: [
    {
      what: 'JSON',
      scheme: 'svix',
      secret: 'whsec_b3V0c2lkZSBrZXkgb2YgMjQgYnl0ZXMh',
      headers: [
        ['svix-id', 'msg_outside3'],
        ['svix-timestamp', '1767225600'],
        ['svix-signature', 'v1,YkeE0GgEjZFI6kG4liz4IQEf6GlLblLC72DH2lcBRvc='],
      ],
      body: '{"type":"email.sent","created_at":"2026-01-01T00:00:00Z","data":{}}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  openai: [
    {
      what: 'a secret in base64',
      scheme: 'standard-webhooks',
      secret: 'whsec_b3V0c2lkZSBrZXk6IGV4YWN0bHkgMzIgYnl0ZXMgb2s=',
      headers: [
        ['webhook-id', 'wh_outside'],
        ['webhook-timestamp', '1767225600'],
        ['webhook-signature', 'v1,mUmoYcUDW/lBsP2os/2PpJWTnnJ9xg8t3LtPwkkTkrQ='],
      ],
      body: '{"id":"evt_outside","object":"event","type":"batch.completed"}',
      at: 1767225600,
    },
    {
      what: 'a secret of plain text',
      scheme: 'standard-webhooks',
      secret: 'outside words as a key',
      headers: [
        ['webhook-id', 'wh_outside'],
        ['webhook-timestamp', '1767225600'],
        ['webhook-signature', 'v1,a7cYUQpUzJkIaeNKOliXS02GHBRpk62niv2vCZiGagc='],
      ],
      body: '{"id":"evt_outside","object":"event","type":"batch.completed"}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  pagerduty: [
    {
      what: 'two secrets',
      scheme: 'pagerduty',
      secret: 'outside words as a key',
      headers: [
        [
          'X-PagerDuty-Signature',
          'v1=9ae03d2019f810bca65eb09db11689d30f9b447c1f1a2bcf56a7459a2c5b47c3,v1=03bd015b998061af2f0ee5fb0c93a69eedd8f039cbaa83296f015e9ff64e49f0',
        ],
      ],
      body: '{"event":{"id":"outside","event_type":"incident.triggered"}}',
    },
  ],

  // Python 3.11: hmac.new(key, content, …), or the token as it is.
  circleci: [
    {
      what: 'JSON',
      scheme: 'circleci',
      secret: 'outside words as a key',
      headers: [
        [
          'circleci-signature',
          'v1=4a8a41b6eb66380f9362db5f361d3a62e6fd34d803fde3edff340d922d0f1077,v2=unknown',
        ],
      ],
      body: '{"id":"outside","type":"job-completed"}',
    },
  ],

  // OpenSSL 3.0.19: genpkey -algorithm ed25519, then pkeyutl -sign -rawin over '1767225600<body>'; the
  // public key is the tail of pkey -pubout -outform DER, in hex.
  discord: [
    {
      what: 'an interaction',
      scheme: 'discord',
      secret: '0870a34db43f9752ed26ed5d6efb3ec4edd60c8393141556396d4a8d04f2634f',
      headers: [
        [
          'X-Signature-Ed25519',
          '8eb25172e1f74d04c92e1f4f9d34a8a71f266914ad9bed637a2ae23e4dd190a97c169f7c8c6be26f53d7b917e9e1afb15201a73a8c9b6cb1c75b2ad509eb340c',
        ],
        ['X-Signature-Timestamp', '1767225600'],
      ],
      body: '{"id":"1400000000000000001","type":2,"data":{"name":"outside"}}',
      at: 1767225600,
    },
  ],

  // OpenSSL 3.0.19: ecparam -name prime256v1 -genkey, then dgst -sha256 -sign over '1767225600<body>'.
  sendgrid: [
    {
      what: 'two events, with their line breaks',
      scheme: 'sendgrid',
      secret:
        'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEc12aLNK+mmMPdmDGlpFH6sWA6lBeA+P61k5qCGnU5EGGmRhM2/Nqsd36pAlmPbgQmEGyzLkjD5BCfA4EDfQiEQ==',
      headers: [
        [
          'X-Twilio-Email-Event-Webhook-Signature',
          'MEUCIDeARdo6/DaptegHnIFJ/OZKIUzgsm0nWYjAnxx7VAEAAiEAwGDgI2iwzIPKtJqGKJXaDDjGkqLYC8sXGWlcghCcfhk=',
        ],
        ['X-Twilio-Email-Event-Webhook-Timestamp', '1767225600'],
      ],
      body: '[{"event":"open","sg_event_id":"outside1"},\r\n{"event":"click","sg_event_id":"outside2"}]\r\n',
      at: 1767225600,
    },
  ],

  // OpenSSL 3.0.19: req -x509 -newkey rsa:2048, then dgst -sha256 -sign over
  // '<transmission id>|<time>|<webhook id>|<zlib.crc32 of Python 3.11>'.
  paypal: [
    {
      what: 'a webhook id and the certificate',
      scheme: 'paypal-cert',
      secret: [
        '7KV00000XX0000000',
        '-----BEGIN CERTIFICATE-----',
        'MIIDTTCCAjWgAwIBAgIUY7quREEL5T2UtjoUwhwtU2juVC4wDQYJKoZIhvcNAQEL',
        'BQAwNjE0MDIGA1UEAwwrbWVzc2FnZXZlcmlmaWNhdGlvbmNlcnRzLnNhbmRib3gu',
        'cGF5cGFsLmNvbTAeFw0yNjExMjUwMzIxNDBaFw0zNjExMjIwMzIxNDBaMDYxNDAy',
        'BgNVBAMMK21lc3NhZ2V2ZXJpZmljYXRpb25jZXJ0cy5zYW5kYm94LnBheXBhbC5j',
        'b20wggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQChvM1ZQo4E1JX6b+j7',
        '+qwUioY/QP2gUKbo07q4xdqMCanc34+Q6VPiYs3YMF/WBUCv5ClVR6229z8PW+8U',
        'D2ce4s0dMXUk+GSCXHd321z7HWXKKttIXrwouuigkBhri8ORfdLBBgpvgdso9VzG',
        'y1F1mY5YRYYCdUDVeEV9yb2qIr9fDXKjFZBHkSvrW0JdWwklNbtU/4RtA5OQcg5t',
        'bp9+6jWVuv9ayScbWojMg2MhXiQBp2ehxFT48U4KIDt0my6o0kvgF4BhW6RNlu0c',
        'cJ4TfGptkECwu8VXTRFxNWRHCvdeAEO7ATo+HzTDJtbl1T8tj3oSZSR3PG1ZGNUc',
        'GIDPAgMBAAGjUzBRMB0GA1UdDgQWBBQTlIEDHXPTLt9A9EUYUZtMBDpWYjAfBgNV',
        'HSMEGDAWgBQTlIEDHXPTLt9A9EUYUZtMBDpWYjAPBgNVHRMBAf8EBTADAQH/MA0G',
        'CSqGSIb3DQEBCwUAA4IBAQBZH+UrhTgdAx/LjrhArM33FWAqarBkUL29wajM/8zQ',
        'knMgJLlpL1XgQ94/D8lNvXhTLLEUliqXOEXq6/g06u6hhoQP55As8ejDG3560L3t',
        'pwWD1SD2tdDlxFkvyVJsqd7a8moveR4+AyBiv2HuvNqje44ixVnL7WvleuDPjqPc',
        'fyF34smHXFEmd2H9/3+DfH0XE/YCQ5F4TUR7W13UcZxhKP8oBXFfQN4XdFF8qWYk',
        '2ZklpI+xvyVg1MvfPvl3rc5moM/UW6FuZHRewdkxEKDgyUhbciuvU6J5rKrtz7bd',
        'mDUKmBEYHxBRDj7AMAtEosm301SjDppvOtJ7v/Md9gbu',
        '-----END CERTIFICATE-----',
      ].join('\n'),
      headers: [
        ['PAYPAL-TRANSMISSION-ID', '5b6f0a10-0000-11f1-9c1d-outside00001'],
        ['PAYPAL-TRANSMISSION-TIME', '2026-01-01T00:00:00Z'],
        ['PAYPAL-CERT-URL', 'https://api.paypal.com/v1/notifications/certs/CERT-outside'],
        ['PAYPAL-AUTH-ALGO', 'SHA256withRSA'],
        [
          'PAYPAL-TRANSMISSION-SIG',
          'OyLYvGjpkiS/LD+wOReSICnchN52tkzrroQO4HSuttjLGsouTj7VjA77sOfakhq1f4lJtphXC8sf458DKgekX2IEqTrTvJFS5MP5QqCxmihnohw4wqttErXOsoRbjhQfwQ9vT7OjIHQV6UlXEIkLVGLR3S/xWameEsaokJSuRQy4b4ylm6IZsmPSV/vJ4RXcigcjbwHqHdAdgDHvUq81awzxjCfH4CfW3ssQP/TPBE8glwYAFqtgmONMVWGUyU3qXHMcyCHIEXA8qJ26/4LFBawGagBJITeltRNOjjIl5HcGkAtVuADz98cnzwJ9zJ/Vxjxa1e/woSCC8IuTXBtHmg==',
        ],
      ],
      body: '{"id":"WH-OUTSIDE","event_type":"PAYMENT.SALE.COMPLETED","summary":"é"}',
      at: 1767225600,
    },
  ],

  // Python 3.11: base64.urlsafe_b64encode of head and claims, then
  // hmac.new(b'words for netlify', head + b'.' + claims, 'sha256'), without the padding.
  netlify: [
    {
      what: 'a token with the hash of the body',
      scheme: 'netlify-jws',
      secret: 'words for netlify',
      headers: [
        [
          'X-Webhook-Signature',
          'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJuZXRsaWZ5Iiwic2hhMjU2IjoiM2UwMDg4YWRlMjg0YmI2MjZjOGU4YzdjOTM3OTNlNDNjMjJkNjYxMDVkMmVhMmM2OTBiNjI0Njc4NDY4NjEzOSJ9.yzHkyJJ2I5JofQ9KsAqOeaM_tdC_yFuakNVB4TGsOsw',
        ],
      ],
      body: '{"id":"outside","state":"ready"}',
    },
  ],

  // As for Netlify, with the key b'words for monday'.
  monday: [
    {
      what: 'a token for the public URL',
      scheme: 'monday',
      secret: 'words for monday',
      headers: [
        ['Host', 'hooks.example.com'],
        ['X-Forwarded-Proto', 'https'],
        [
          'Authorization',
          'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhY2NvdW50SWQiOjEsInVzZXJJZCI6MiwiYXVkIjoiaHR0cHM6Ly9ob29rcy5leGFtcGxlLmNvbS9ob29rcyIsImV4cCI6MTc2NzIyNTkwMCwiaWF0IjoxNzY3MjI1NjAwfQ.QUSjj1WsbnusrAlGXf7q9sz0Z-rtlYSc8_i5mE-Zu1w',
        ],
      ],
      body: '{"event":{"type":"create_pulse","triggerUuid":"outside"}}',
      at: 1767225600,
    },
  ],

  // OpenSSL 3.0.19: ecparam -name prime256v1 -genkey, then dgst -sha256 -sign over head and claims; the
  // two numbers of the DER put side by side with Python 3.11.
  plaid: [
    {
      what: 'a token, and the public key in PEM',
      scheme: 'plaid',
      secret: [
        '-----BEGIN PUBLIC KEY-----',
        'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqI+2DP3doQecVIA0I6/dN1bU20b9',
        'wvDMJTvC5jb6PPTOaSe0I7JTtFYT4idQm59ZCIJjsNd7ZlQ2peWJmECmXA==',
        '-----END PUBLIC KEY-----',
      ].join('\n'),
      headers: [
        [
          'Plaid-Verification',
          'eyJhbGciOiJFUzI1NiIsImtpZCI6IjZjNTUxNmUxLTkyZGMtNDc5ZS1hOGZmLTVhNTE5OTJlMDAwMSIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3NjcyMjU2MDAsInJlcXVlc3RfYm9keV9zaGEyNTYiOiJjNDAxMzA3YWI4NTgzMzEzNTM0N2U5NWI3ODI4ODQ2YjcwMjJjNGNmMmVlYTk3N2ExMDVhNTU3YWNiYmY5MTNmIn0.qVsUemFpPesyfiLZHaZQzw_K9bJ3y5-i6vCDwhs_Wq2bcfEj87LSFXpBZohHbPIxa5ewCtdt_s_quVb90pq8_Q',
        ],
      ],
      body: '{\n  "item_id": "outside",\n  "webhook_code": "ERROR",\n  "webhook_type": "ITEM"\n}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(secret, b'v0:1767225600:' + body, 'sha256').hexdigest()
  slack: [
    {
      what: 'JSON',
      scheme: 'slack',
      secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Slack-Request-Timestamp', '1767225600'],
        [
          'X-Slack-Signature',
          'v0=c8c50ead1e7e6ebc4a79ec671ac5f52cc9589ad11f6e27295117383557b76fee',
        ],
      ],
      body: '{"type":"event_callback","event":{"type":"outside"}}',
      at: 1767225600,
    },
    {
      what: 'a form',
      scheme: 'slack',
      secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
      headers: [
        ['Content-Type', 'application/x-www-form-urlencoded'],
        ['X-Slack-Request-Timestamp', '1767225600'],
        [
          'X-Slack-Signature',
          'v0=7da7b667ddaa5b33cc53fd28da21c83dc8d3987b4f42d7c9022df5eaa7d04290',
        ],
      ],
      body: 'command=%2Foutside&text=two+words',
      at: 1767225600,
    },
  ],

  // As for Slack.
  zoom: [
    {
      what: 'JSON',
      scheme: 'zoom',
      secret: 'outsideZoomToken01',
      headers: [
        ['x-zm-request-timestamp', '1767225600'],
        ['x-zm-signature', 'v0=bdcba45378609d6d6125480fd86b4b63097e6a98e1853303ad602aca23b96363'],
      ],
      body: '{"event":"meeting.started","event_ts":1767225600000,"payload":{"note":"outside ☂"}}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(secret, id + timestamp + body, 'sha256').hexdigest()
  twitch: [
    {
      what: 'nanoseconds',
      scheme: 'twitch',
      secret: 'outside twitch secret',
      headers: [
        ['Twitch-Eventsub-Message-Id', 'outside-1'],
        ['Twitch-Eventsub-Message-Timestamp', '2026-01-01T00:00:00.123456789Z'],
        [
          'Twitch-Eventsub-Message-Signature',
          'sha256=b06666b324f59ca4bd072fbe6d289b376249b155bda56b7b0f92c215502d38cd',
        ],
      ],
      body: '{"subscription":{"type":"stream.online"},"event":{}}',
      at: 1767225600,
    },
  ],

  // Python 3.11: b64encode(hmac.new(secret, timestamp + body, 'sha256').digest())
  zendesk: [
    {
      what: 'JSON',
      scheme: 'zendesk',
      secret: 'b3V0c2lkZSB6ZW5kZXNr',
      headers: [
        ['X-Zendesk-Webhook-Signature-Timestamp', '2026-01-01T00:00:00Z'],
        ['X-Zendesk-Webhook-Signature', '5UQ4f+FtKMXw98dJoimXYdyRCIo95H4RWI5ftAoIXN4='],
      ],
      body: '{"id":"outside","type":"zen:event-type:ticket.created"}',
      at: 1767225600,
    },
    {
      what: 'a request without a body',
      scheme: 'zendesk',
      method: 'GET',
      secret: 'b3V0c2lkZSB6ZW5kZXNr',
      headers: [
        ['X-Zendesk-Webhook-Signature-Timestamp', '2026-01-01T00:00:00Z'],
        ['X-Zendesk-Webhook-Signature', 'ZXEgOtSC9OpBQvwB5EDqeQzqROHq6WereGpuo0s5oAQ='],
      ],
      body: '',
      at: 1767225600,
    },
  ],

  // Python 3.11: b64encode(hmac.new(key, body + timestamp, 'sha256').digest())
  box: [
    {
      what: 'the primary key',
      scheme: 'box',
      secret: 'outside box key',
      headers: [
        ['BOX-DELIVERY-TIMESTAMP', '2025-12-31T16:00:00-08:00'],
        ['BOX-SIGNATURE-VERSION', '1'],
        ['BOX-SIGNATURE-ALGORITHM', 'HmacSHA256'],
        ['BOX-SIGNATURE-PRIMARY', 'g3mc0Hewpn8aRT4BjvbwsXhVJz7V+/64eLs8EMV8MlE='],
        ['BOX-SIGNATURE-SECONDARY', 'BTqY/PZXSqegLmqrtab0479hVxWMTbOdbrG4RO9NMt8='],
      ],
      body: '{"id":"outside","trigger":"FILE.UPLOADED","name":"\\u00e9 a\\/b"}',
      at: 1767225600,
    },
    {
      what: 'the secondary key',
      scheme: 'box',
      secret: 'outside box key',
      headers: [
        ['BOX-DELIVERY-TIMESTAMP', '2025-12-31T16:00:00-08:00'],
        ['BOX-SIGNATURE-VERSION', '1'],
        ['BOX-SIGNATURE-ALGORITHM', 'HmacSHA256'],
        ['BOX-SIGNATURE-PRIMARY', 'BTqY/PZXSqegLmqrtab0479hVxWMTbOdbrG4RO9NMt8='],
        ['BOX-SIGNATURE-SECONDARY', 'g3mc0Hewpn8aRT4BjvbwsXhVJz7V+/64eLs8EMV8MlE='],
      ],
      body: '{"id":"outside","trigger":"FILE.UPLOADED","name":"\\u00e9 a\\/b"}',
      at: 1767225600,
    },
  ],

  // Python 3.11: b64encode(hmac.new(key, url + body, 'sha256').digest())
  square: [
    {
      what: 'a URL with a query',
      scheme: 'square',
      url: 'https://shop.example.com/hooks/square?b=2&a=%20x',
      secret: 'outside-square-key',
      headers: [['x-square-hmacsha256-signature', '238IQhv8D/0LC50KL/TiCNYy/YZ50FVvNq2AH2b40Zw=']],
      body: '{"event_id":"outside","type":"payment.created"}',
    },
  ],

  // Python 3.11: b64encode(hmac.new(secret, body + url, 'sha1').digest())
  trello: [
    {
      what: 'JSON',
      scheme: 'trello',
      url: 'https://yard.example.com/trello/?m=1',
      secret: 'outside trello secret',
      headers: [['X-Trello-Webhook', 'r+DG363CaWa1JDEsJbgO1Een5OI=']],
      body: '{"action":{"id":"outside","type":"updateCard"}}',
    },
  ],

  // Python 3.11: hmac.new(secret, b'1767225600.' + body, 'sha256').hexdigest()
  mux: [
    {
      what: 'JSON',
      scheme: 'mux',
      secret: 'outside mux secret',
      headers: [
        [
          'Mux-Signature',
          't=1767225600,v1=9e612b03b7c4a01046e219cb6a14595923720c6287198dd5fbadc877a323418d',
        ],
      ],
      body: '{"id":"outside","type":"outside.made","event":"outside.made"}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(secret, b'1767225600.' + body, 'sha256').hexdigest()
  calendly: [
    {
      what: 'JSON',
      scheme: 'calendly',
      secret: 'outside calendly key',
      headers: [
        [
          'Calendly-Webhook-Signature',
          't=1767225600,v1=926bab4f1db33e1ff88b3d77c4037f9b4cb97afa85b9a39048b0b25bc226aa44',
        ],
      ],
      body: '{"id":"outside","type":"outside.made","event":"outside.made"}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(secret, b'1767225600000.' + body, 'sha256').hexdigest()
  workos: [
    {
      what: 'milliseconds',
      scheme: 'workos',
      secret: 'outside workos secret',
      headers: [
        [
          'WorkOS-Signature',
          't=1767225600000, v1=3925e28c8d86f51ddbfb33ecb3f7f7798ede4ffd52c9064cf0eed96fe0258785',
        ],
      ],
      body: '{"id":"outside","event":"user.created"}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(secret, b'1767225600:' + body, 'sha256').hexdigest()
  paddle: [
    {
      what: 'JSON',
      scheme: 'paddle',
      secret: 'pdl_ntfset_outside_1',
      headers: [
        [
          'Paddle-Signature',
          'ts=1767225600;h1=ae9f415785f8589dd359506d60e4b7919170549fa35ca86e078c9e03a15cb2fe',
        ],
      ],
      body: '{"event_id":"outside","event_type":"customer.created"}',
      at: 1767225600,
    },
    {
      what: 'two secrets',
      scheme: 'paddle',
      secret: 'pdl_ntfset_outside_1',
      headers: [
        [
          'Paddle-Signature',
          'ts=1767225600;h1=411af98571779a864d2ad5a63755bb1cbcd433561a65b038951483caabcb30fb;h1=ae9f415785f8589dd359506d60e4b7919170549fa35ca86e078c9e03a15cb2fe',
        ],
      ],
      body: '{"event_id":"outside","event_type":"customer.created"}',
      at: 1767225600,
    },
  ],

  // Python 3.11: b64encode(hmac.new(secret, method + url + body + timestamp, 'sha256').digest()), and
  // hashlib.sha256(secret + method + url + body).hexdigest(), or without method and URL.
  hubspot: [
    {
      what: 'a URL with escapes, of which some are undone',
      scheme: 'hubspot-v3',
      url: 'https://crm.example.com/hooks?next=%2Fa%3Ab%40c&q=%C3%A9%20x',
      secret: 'outside-hubspot-client',
      headers: [
        ['X-HubSpot-Request-Timestamp', '1767225600000'],
        ['X-HubSpot-Signature-v3', 'rf7s0t1tpTzTwEHXCfPW9URAmoDiKyFnjxn1L455Ez8='],
      ],
      body: '[{"eventId":7,"subscriptionType":"contact.creation"}]',
      at: 1767225600,
    },
    {
      what: 'with method and URL',
      scheme: 'hubspot-v2',
      url: 'https://crm.example.com/hooks?next=%2Fa%3Ab%40c&q=%C3%A9%20x',
      secret: 'outside-hubspot-client',
      headers: [
        ['X-HubSpot-Signature-Version', 'v2'],
        ['X-HubSpot-Signature', '910940b58dc38d1570d6a2c0dec1987168a5825902769dff043e814fd9f2bc45'],
      ],
      body: '[{"eventId":7,"subscriptionType":"contact.creation"}]',
    },
    {
      what: 'the body alone',
      scheme: 'hubspot-v1',
      secret: 'outside-hubspot-client',
      headers: [
        ['X-HubSpot-Signature-Version', 'v1'],
        ['X-HubSpot-Signature', '4836af9f2694e4adbb9d3ba3f7ef636b2cea5f7bd5e89f7e1e315f74496d2127'],
      ],
      body: '[{"eventId":7,"subscriptionType":"contact.creation"}]',
    },
  ],

  // Python 3.11: hmac.new(secret, body, 'sha256').hexdigest()
  linear: [
    {
      what: 'JSON',
      scheme: 'linear',
      secret: 'lin_wh_outside',
      headers: [
        ['Linear-Signature', '1374ba714de22e7cda43e938b9444b10d7c7861a2d5076e5f187df5e0755bd72'],
      ],
      body: '{"action":"create","type":"Issue","webhookTimestamp":1767225600000}',
      at: 1767225600,
    },
  ],

  // Python 3.11: b64encode(hmac.new(token, url + names and values sorted by name, 'sha1').digest())
  twilio: [
    {
      what: 'a form',
      scheme: 'twilio',
      url: 'https://phone.example.com/sms?shop=7',
      secret: '0123456789abcdef0123456789abcdef',
      headers: [
        ['Content-Type', 'application/x-www-form-urlencoded'],
        ['X-Twilio-Signature', 'uPo9INn6l1DYD5ylzcyvg7OONOg='],
      ],
      body: 'MessageSid=SMoutside&Body=Zwei+W%C3%B6rter+%26+mehr&From=%2B12065550199&Tag=b&Tag=a',
    },
    {
      what: 'a form, signed with the port added',
      scheme: 'twilio',
      url: 'https://phone.example.com/sms?shop=7',
      secret: '0123456789abcdef0123456789abcdef',
      headers: [
        ['Content-Type', 'application/x-www-form-urlencoded'],
        ['X-Twilio-Signature', 'LCfP0NlCzFsSAJI3lFyAxMfCTVc='],
      ],
      body: 'MessageSid=SMoutside&Body=Zwei+W%C3%B6rter+%26+mehr&From=%2B12065550199&Tag=b&Tag=a',
    },
    {
      what: 'JSON',
      scheme: 'twilio-body',
      url: 'https://phone.example.com/sms?shop=7&bodySHA256=2461f47383f1512b2d10f5d4ad7cab72b7db6ea7eee0572ac6e40e89eccdcb1c',
      secret: '0123456789abcdef0123456789abcdef',
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Twilio-Signature', 'aRU0BpDN/Pl65cz86arb2mdmA9k='],
      ],
      body: '{"outside":true}',
    },
  ],

  // Python 3.11: hmac.new(key, timestamp + token, 'sha256').hexdigest()
  mailgun: [
    {
      what: 'JSON',
      scheme: 'mailgun',
      secret: 'outside mailgun key',
      headers: [['Content-Type', 'application/json']],
      body: '{"signature":{"token":"0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f607182","timestamp":"1767225600","signature":"c250322d11b23d86921b451e6314cf2f6a359eeb3d071160970914995ab216c3"},"event-data":{"event":"opened","id":"outside"}}',
      at: 1767225600,
    },
  ],

  // Python 3.11: b64encode(hmac.new(bytes.fromhex(key), fields joined by colons, or the body, 'sha256').digest())
  adyen: [
    {
      what: 'an item',
      scheme: 'adyen-item',
      secret: '00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF',
      headers: [['Content-Type', 'application/json']],
      body: '{"live":"false","notificationItems":[{"NotificationRequestItem":{"amount":{"currency":"SEK","value":950},"eventCode":"CAPTURE","merchantAccountCode":"OutsideSE","merchantReference":"å:1/2","originalReference":"PARENT1","pspReference":"OUTSIDE1","success":"true","additionalData":{"hmacSignature":"AQQ8lMc7TQu2jli/VsncaJHCD+N4p9nnRj2b8H4iWmI="}}}]}',
    },
    {
      what: 'a body as a whole',
      scheme: 'adyen-header',
      secret: '00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF',
      headers: [
        ['HmacSignature', 'KDbugzhv40QuhJY2s33e2Kft4QXmXSI9Q+j6nY8/kBc='],
        ['Protocol', 'HmacSHA256'],
      ],
      body: '{"type":"balancePlatform.outside.made","data":{}}',
    },
  ],

  // Python 3.11: hmac.new(secret, canonical, 'sha256').hexdigest(), where canonical is, line by line, POST,
  // /hooks/c?a%253D1%2526b%253Dx%252520y, the four headers as name:value parted by semicolons, the body.
  contentful: [
    {
      what: 'a query',
      scheme: 'contentful',
      url: 'https://cms.example.com/hooks/c?a=1&b=x%20y',
      secret: 'outsideOUTSIDE00outsideOUTSIDE00outsideOUTSIDE00outsideOUTSIDE00',
      headers: [
        ['content-type', 'application/json'],
        [
          'x-contentful-signed-headers',
          'content-type,x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic',
        ],
        ['x-contentful-timestamp', '1767225600000'],
        ['x-contentful-topic', 'ContentManagement.Entry.publish'],
        [
          'x-contentful-signature',
          'f22d13b484e810e041cb588d9dbb945e8073ac9d18d0dd48b3f104b420e0398b',
        ],
      ],
      body: '{"sys":{"type":"Entry","id":"outside"}}',
      at: 1767225600,
    },
  ],

  // Python 3.11: hmac.new(hashlib.sha1(private key).digest(), payload, 'sha1').hexdigest()
  braintree: [
    {
      what: 'a form with two keys',
      scheme: 'braintree',
      secret: 'outsidepublic|outside-private-key',
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: 'bt_signature=otherpublic%7C0000000000000000000000000000000000000000%26outsidepublic%7Cc34b228f25de7673dd14787eb38f6df183aa8177&bt_payload=PG5vdGlmaWNhdGlvbj48a2luZD5jaGVjazwva2luZD48L25vdGlmaWNhdGlvbj4%3D%0A',
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
