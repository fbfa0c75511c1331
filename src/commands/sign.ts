import { EXIT, HookcliError } from '../core/errors.ts';
import { headerValues } from '../core/headers.ts';
import { systemRandom } from '../core/ids.ts';
import type { Provider, RawRequest } from '../core/types.ts';
import { endpointUrl } from '../deliver/target.ts';
import { bodyJson } from '../store/record.ts';
import { curlCommand } from '../terminal/curl.ts';
import { safe } from '../terminal/safe.ts';
import { describeEvent } from '../verify/describe-event.ts';
import { schemeFor, signRequest } from '../verify/sign.ts';
import { type CommandContext, jsonOf, note, type RunCommand } from './context.ts';
import { DEFAULT_LISTENER, destinationOf } from './destination.ts';
import { headersOf, methodOf, readBytes, withContentType } from './payload.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { providerOf, publicUrlOf, secretsOf } from './proof.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options, stdout } = context;
  const provider = providerOf(context, required(context, 'provider', '--provider <id>'));
  const body = await readBytes(required(context, 'body', '--body @file'), '--body', context);
  const { secrets } = await secretsOf(context, false).find(provider);
  const secret = secrets[0] ?? '';
  const request: RawRequest = {
    method: methodOf(context),
    url: addressOf(context, provider),
    headers: withContentType(headersOf(context), body),
    body,
  };
  if (schemeFor(provider, secret, request).coversUrl) requireAddress(context, provider);
  const signed = signRequest(request, provider, {
    secret,
    eventId:
      options.text('id') ??
      describeEvent(request, provider).eventId ??
      provider.eventId(systemRandom),
    at: options.instant('at', new Date()) ?? new Date(),
    ...publicUrlOf(context),
  });
  if (options.flag('json')) {
    const { method, url, headers } = signed;
    jsonOf(context).write({ kind: 'request', method, url, headers, ...bodyJson(signed.body) });
  } else if (options.flag('curl')) {
    stdout.write(`${curlCommand(signed)}\n`);
  } else {
    printHeaders(context, request, signed);
  }
  return EXIT.ok;
};

function required({ options }: CommandContext, name: string, wanted: string): string {
  const text = options.text(name);
  if (text !== undefined) return text;
  throw new HookcliError('bad-usage', `sign needs a ${name}: ${wanted}`, {
    hint: 'For example: hookcli sign --provider github --body @payload.json',
  });
}

const addressOf = ({ options }: CommandContext, { id }: Provider): string =>
  endpointUrl(
    destinationOf(options.text('to') ?? DEFAULT_LISTENER, `/webhook/${id}`, undefined).endpoint,
  );

function requireAddress({ options }: CommandContext, { title }: Provider): void {
  if (options.text('to') !== undefined || options.text('publicUrl') !== undefined) return;
  throw new HookcliError('bad-usage', `${title} signs the URL too, so it must be known.`, {
    hint: 'Give it with --to <target>, or with --public-url <url>.',
  });
}

/** What signing has added, as `curl -H` takes it. */
function printHeaders(context: CommandContext, before: RawRequest, signed: RawRequest): void {
  for (const [name, value] of signed.headers) {
    if (headerValues(before.headers, name)[0] === value) continue;
    context.stdout.write(`${name}: ${safe(value)}\n`);
  }
  if (signed.url === before.url && Buffer.compare(signed.body, before.body) === 0) return;
  note(context, 'The signature is not in headers alone. The whole request: --curl or --json');
}
