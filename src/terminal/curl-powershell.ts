import type { RawRequest } from '../core/types.ts';
import { curlOptions, saysEmpty } from './curl.ts';
import { safe } from './safe.ts';

/**
 * The request as a script for PowerShell, 5.1 or newer, that has curl send the same bytes. What came
 * from outside stands in files that curl reads, since PowerShell changes quotes and bytes on their
 * way to a program: https://learn.microsoft.com/powershell/scripting/learn/experimental-features
 * (PSNativeCommandArgumentPassing; read 2026-11).
 *
 * @param request with an absolute URL
 * @throws HookcliError `bad-url`
 */
export function powershellCommand(request: RawRequest): string {
  const { method, body } = request;
  const lines = curlOptions(request).map(({ name, text }) =>
    text === undefined ? name : `${name} = "${configText(text)}"`,
  );
  const hasBody = body.length > 0 || saysEmpty(method);
  return [
    '& {',
    '  $config = [IO.Path]::GetTempFileName()',
    '  $body = [IO.Path]::GetTempFileName()',
    '  try {',
    '    [IO.File]::WriteAllLines($config, [string[]]@(',
    lines.map((line) => `      ${textOf(line)}`).join(',\n'),
    // Its name is that of Latin-1, one byte a character.
    '    ), [Text.Encoding]::GetEncoding(28591))',
    `    [IO.File]::WriteAllBytes($body, ${bytesOf(Buffer.from(body))})`,
    // There is an alias of the same name for another command.
    '    $curl = @(Get-Command curl -CommandType Application)[0]',
    `    & $curl --config $config${hasBody ? ' --data-binary "@$body"' : ''}`,
    '  } finally {',
    '    Remove-Item $config, $body',
    '  }',
    '}',
  ].join('\n');
}

/** As a text in quotes in a file of curl's options: https://curl.se/docs/manpage.html#-K */
const configText = (text: string): string =>
  wireText(text).replace(/["\\]/g, '\\$&').replaceAll('\t', '\\t');

/** Text from the wire has one character a byte; other text goes out as UTF-8. */
const wireText = (text: string): string =>
  /^[\0-\xff]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');

/** In single quotes PowerShell takes ASCII literally but the quote itself. */
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text) && safe(text) === text;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const base64 = (bytes: Buffer): string =>
  `[Convert]::FromBase64String('${bytes.toString('base64')}')`;

const textOf = (line: string): string =>
  isPlain(line)
    ? quoted(line)
    : `[Text.Encoding]::GetEncoding(28591).GetString(${base64(Buffer.from(line, 'latin1'))})`;

function bytesOf(body: Buffer): string {
  const text = body.toString('latin1');
  return isPlain(text) ? `[Text.Encoding]::ASCII.GetBytes(${quoted(text)})` : base64(body);
}
