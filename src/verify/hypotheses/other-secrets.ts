import { secretFault } from '../../providers/secret.ts';
import type { Case, Hypothesis } from './hypothesis.ts';

const MOST_OTHERS = 20;

/** The other secrets that are configured, each under the scheme of this provider. */
export function* otherSecretHypotheses({ provider, options }: Case): Generator<Hypothesis> {
  const seen = new Set(options.secrets);
  for (const other of options.others ?? []) {
    for (const secret of other.secrets) {
      if (seen.size >= MOST_OTHERS + options.secrets.length) return;
      if (seen.has(secret) || secretFault(provider, secret) !== undefined) continue;
      seen.add(secret);
      const change = { options: { secrets: [secret] } };
      yield other.provider.id === provider.id
        ? {
            cause: 'other-endpoint-secret',
            detail: `The signature fits another ${provider.title} secret that is configured: each endpoint has its own.`,
            hint: `Use the secret of this endpoint, or give both: --secret ${provider.id}=… twice.`,
            change,
          }
        : {
            cause: 'other-provider-secret',
            detail: `The signature fits the secret that is configured for ${other.provider.title}.`,
            hint: `Give it as --secret ${provider.id}=… or in ${provider.secret.env[0]}, if the two share it on purpose.`,
            change,
          };
    }
  }
}
