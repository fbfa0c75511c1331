import { HookcliError } from '../core/errors.ts';
import { readPlace } from '../core/place.ts';
import type { Handshake, Provider, RawRequest, Verdict } from '../core/types.ts';
import { secretFault } from '../providers/secret.ts';
import type { FoundSecrets } from '../settings/secrets.ts';
import { type Answer, plainAnswer } from './answer.ts';

/** A challenge that came in, and who sent it. */
export interface Challenge {
  readonly handshake: Handshake;
  readonly provider: Provider;
  readonly request: RawRequest;
}

/** What dealing with challenges needs of the pipe. */
export interface HandshakeOptions {
  readonly secretsOf: (provider: Provider) => Promise<FoundSecrets>;
  /** Takes up a secret that a provider hands over in a handshake, for all that follows. */
  readonly keepSecret?: (provider: Provider, secret: string) => void;
  /** Answer 401 to a rejected signature. */
  readonly reject: boolean;
}

/** The challenge in a request, or undefined. */
export function challengeIn(
  request: RawRequest,
  provider: Provider | undefined,
): Challenge | undefined {
  const handshake = provider?.handshakes?.find((one) => one.recognise(request));
  return provider && handshake && { handshake, provider, request };
}

/**
 * The verdict on a challenge. One that is not signed is unchecked; so is one that brings its own
 * secret, since whoever sent it could have signed it.
 *
 * @param judge gives the verdict as on any event, with the secrets it is given or else those known
 */
export async function judgeChallenge(
  { handshake, provider, request }: Challenge,
  { secretsOf, keepSecret }: HandshakeOptions,
  judge: (secrets?: FoundSecrets) => Promise<Verdict>,
): Promise<Verdict> {
  const { id, isSigned, handsOver } = handshake;
  const secret = handsOver && readPlace(request, handsOver);
  const unchecked = (detail: string, hint: string): Verdict => ({
    status: 'unchecked',
    reason: 'handshake',
    detail,
    ...(hint === '' ? {} : { hint }),
  });
  if (secret === undefined) {
    if (isSigned) return judge();
    const { status } = handshake.answer(request, await knownSecrets(provider, secretsOf));
    return status < 400
      ? unchecked(`${provider.title} does not sign the handshake ${id}.`, '')
      : unchecked(
          `It does not fit the secret, so ${status} is the answer.`,
          `Give what ${provider.title} knows: --secret ${provider.id}=…`,
        );
  }
  const fault = secretFault(provider, secret);
  if (fault !== undefined) return unchecked(`It hands over a secret that ${fault}.`, '');
  if (isSigned) {
    const verdict = await judge({ secrets: [secret], origin: 'the handshake' });
    if (verdict.status === 'rejected' && verdict.reason !== 'missing') return verdict;
  }
  if (keepSecret === undefined) return unchecked(`${provider.title} hands over its secret.`, '');
  keepSecret(provider, secret);
  return unchecked(
    `${provider.title} hands over its secret; it counts from now on.`,
    `See it: hookcli show <id>. Keep it: hookcli config set secrets.${provider.id} <secret>`,
  );
}

/** The answer by which a handshake succeeds; a refusal where the provider tries a false signature. */
export async function answerChallenge(
  challenge: Challenge,
  verdict: Verdict,
  { secretsOf, reject }: HandshakeOptions,
  judge: (secrets: FoundSecrets) => Promise<Verdict>,
): Promise<Answer> {
  const { handshake, provider, request } = challenge;
  if (verdict.status === 'rejected') {
    if (handshake.refusal !== undefined) return plainAnswer(handshake.refusal);
    if (reject) return plainAnswer(401, `Signature rejected: ${verdict.detail}`);
  }
  let secrets = await knownSecrets(provider, secretsOf);
  if (handshake.isSigned && secrets.length > 1) {
    // During a rotation the provider wants the answer made with the secret it signed with.
    const verdicts = await Promise.all(
      secrets.map((secret) => judge({ secrets: [secret], origin: 'rotation' })),
    );
    const signer = secrets[verdicts.findIndex(({ status }) => status === 'verified')];
    if (signer !== undefined) secrets = [signer];
  }
  const { status, headers, body } = handshake.answer(request, secrets);
  return { status, headers, body: Buffer.from(body, 'utf8') };
}

async function knownSecrets(
  provider: Provider,
  secretsOf: HandshakeOptions['secretsOf'],
): Promise<readonly string[]> {
  try {
    return (await secretsOf(provider)).secrets;
  } catch (error) {
    // It became unusable while we run; the verdict says so.
    if (error instanceof HookcliError) return [];
    throw error;
  }
}
