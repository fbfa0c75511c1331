import path from 'node:path';
import { EXIT, HookcliError } from '../core/errors.ts';
import type { Provider, RawRequest, Verdict } from '../core/types.ts';
import { openSingle } from '../deliver/attempt.ts';
import { certificateFetcher } from '../deliver/fetch-certificate.ts';
import { providers } from '../providers/index.ts';
import { adviceLines } from '../terminal/advice-lines.ts';
import { verdictLines } from '../terminal/verdict-lines.ts';
import { explained, frameworkAdvice, type OtherSecrets } from '../verify/explain.ts';
import { identify } from '../verify/identify.ts';
import { verifyRequest } from '../verify/verify.ts';
import { type CommandContext, jsonOf, type RunCommand, storeOf } from './context.ts';
import { headersOf, methodOf, readBytes, readFile, readInput, withContentType } from './payload.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { configuredSecrets, providerOf, publicUrlOf, secretsOf } from './proof.ts';
import { parseRequest } from './request-file.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options, stdout } = context;
  const given = await givenRequest(context);
  const { request } = given;
  const provider = chosenProvider(context, given);
  const at = options.instant('at', new Date()) ?? given.at ?? new Date();
  const toleranceMs = options.duration('tolerance');
  const verifying = {
    secrets: knownSecrets(context, provider),
    at,
    ...(toleranceMs === undefined ? {} : { toleranceMs }),
    ...publicUrlOf(context),
    ...certificateOf(context),
    ...(options.flag('fetchCert')
      ? { fetchCertificate: certificateFetcher(await openSingle()) }
      : {}),
  };
  const judged = await verifyRequest(request, provider, verifying);
  const others = judged.status === 'rejected' ? otherSecrets(context, provider) : [];
  const known = { ...verifying, others };
  const { verdict, cause } = await explained(request, provider, known, judged);
  if (options.flag('json')) {
    const { scheme, ...rest } = verdict;
    jsonOf(context).write({ kind: 'verdict', provider: provider.id, scheme, ...rest });
  } else {
    stdout.write(`${verdictLines(verdict, provider, context.theme)}\n`);
    const advice = cause === undefined ? [] : frameworkAdvice(cause);
    if (advice.length > 0) stdout.write(`\n${adviceLines(advice, context.theme)}\n`);
  }
  return exitOf(verdict);
};

function exitOf({ status }: Verdict): number {
  if (status === 'verified') return EXIT.ok;
  return status === 'rejected' ? EXIT.failed : EXIT.usage;
}

interface Given {
  readonly request: RawRequest;
  /** Of a captured event: a provider's id, or `unknown`. */
  readonly provider?: string;
  /** When it came. */
  readonly at?: Date;
}

/** The one request that is named: `--request`, `--event`, or `--body` with `-H`. */
async function givenRequest(context: CommandContext): Promise<Given> {
  const { options, cwd } = context;
  const [file, event, body] = ['request', 'event', 'body'].map((name) => options.text(name));
  if ([file, event, body].filter((one) => one !== undefined).length !== 1) {
    throw new HookcliError('bad-usage', 'verify needs one request.', {
      hint: 'Give it as --request <file|->, as --event <id>, or as --body @file with -H "Name: value".',
    });
  }
  if (event !== undefined) {
    const { request, provider, at } = storeOf(context).find(event);
    return { request, provider, at };
  }
  if (file !== undefined) {
    const hint = 'Check the path; - reads standard input.';
    const bytes =
      file === '-' ? await readInput() : readFile(path.resolve(cwd, file), '--request', hint);
    return { request: parseRequest(bytes, file === '-' ? 'standard input' : file) };
  }
  const bytes = await readBytes(body ?? '', '--body', context);
  const headers = withContentType(headersOf(context), bytes);
  return { request: { method: methodOf(context), url: '/', headers, body: bytes } };
}

function chosenProvider(context: CommandContext, { request, provider: of }: Given): Provider {
  const id = context.options.text('provider') ?? (of === 'unknown' ? undefined : of);
  const found = id ?? identify(request)?.id;
  if (found !== undefined) return providerOf(context, found);
  throw new HookcliError('bad-usage', 'Nothing in the request tells which provider sent it.', {
    hint: 'Name it: --provider <id>. All of them: hookcli providers',
  });
}

/** Never one made for the purpose: no sender could have signed with it. */
function knownSecrets(context: CommandContext, provider: Provider): readonly string[] {
  const found = secretsOf(context, false).findKnown(provider);
  if (found !== undefined) return found.secrets;
  throw new HookcliError('no-secret', `No ${provider.title} secret is known.`, {
    hint: `Give it with --secret, or in ${provider.secret.env[0]}: ${provider.secret.kind}`,
  });
}

function otherSecrets(context: CommandContext, { id }: Provider): OtherSecrets[] {
  const finder = configuredSecrets(context);
  return providers.flatMap((provider) => {
    if (provider.id === id) return [];
    try {
      const found = finder.findKnown(provider);
      return found === undefined ? [] : [{ provider, secrets: found.secrets }];
    } catch (error) {
      // That another provider's secret is unusable is no matter of this request.
      if (error instanceof HookcliError) return [];
      throw error;
    }
  });
}

function certificateOf({ options, cwd }: CommandContext): { certificate?: string } {
  const file = options.text('cert');
  if (file === undefined) return {};
  const hint = 'Check the path; the file holds a certificate in PEM.';
  return { certificate: readFile(path.resolve(cwd, file), '--cert', hint).toString('utf8') };
}
