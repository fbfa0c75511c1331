/** Keys of an API that are often taken for signing secrets, by their shape. */
const API_KEYS: readonly (readonly [shape: RegExp, name: string])[] = [
  [/^[spr]k_(?:test|live)_/, 'an API key (sk_…, pk_… or rk_…)'],
  [/^(?:ghp|gho|ghs|ghu|github_pat)_/, 'a GitHub access token'],
  [/^xox[abeoprs]-/, 'a Slack token (xox…)'],
  [/^shp(?:at|ca|pa)_/, 'a Shopify access token'],
  [/^AC[0-9a-f]{32}$/, 'a Twilio account SID'],
  [/^SG\.[\w-]{16,}\./, 'a SendGrid API key'],
  [/^glpat-/, 'a GitLab access token'],
  [/^lin_api_/, 'a Linear API key'],
  [/^pdl_(?:live_|sdbx_)?apikey_/, 'a Paddle API key'],
  [/^re_\w{8,}/, 'a Resend API key'],
  [/^sk-/, 'an API key (sk-…)'],
];

/** What the secrets look like, when they all look like something that never signs a webhook. */
export function apiKeyName(secrets: readonly string[]): string | undefined {
  const names = secrets.map((secret) => API_KEYS.find(([shape]) => shape.test(secret.trim()))?.[1]);
  return names.every((name) => name !== undefined) ? names[0] : undefined;
}
