import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pairHeaders } from '../../src/core/headers.ts';
import type { Header, RawRequest } from '../../src/core/types.ts';
import { powershellCommand } from '../../src/terminal/curl-powershell.ts';
import { evilRequest } from '../formats/evil-requests.ts';
import { serveAnswers } from '../helpers/handlers.ts';
import { post } from '../helpers/requests.ts';

const LITERAL = "'(?:[^'\\x00-\\x1f\\x7f-\\uffff]|'')*'";
const BASE64 = "\\[Convert\\]::FromBase64String\\('([A-Za-z0-9+/=]*)'\\)";
const LATIN1 = '[Text.Encoding]::GetEncoding(28591)';
const SCRIPT = new RegExp(
  [
    '^& \\{',
    '  \\$config = \\[IO\\.Path\\]::GetTempFileName\\(\\)',
    '  \\$body = \\[IO\\.Path\\]::GetTempFileName\\(\\)',
    '  try \\{',
    '    \\[IO\\.File\\]::WriteAllLines\\(\\$config, \\[string\\[\\]\\]@\\(',
    '([^]*)',
    '    \\), \\[Text\\.Encoding\\]::GetEncoding\\(28591\\)\\)',
    `    \\[IO\\.File\\]::WriteAllBytes\\(\\$body, (?:${BASE64}|\\[Text\\.Encoding\\]::ASCII\\.GetBytes\\((${LITERAL})\\))\\)`,
    '    \\$curl = @\\(Get-Command curl -CommandType Application\\)\\[0\\]',
    '    & \\$curl --config \\$config( --data-binary "@\\$body")?',
    '  \\} finally \\{',
    '    Remove-Item \\$config, \\$body',
    '  \\}',
    '\\}$',
  ].join('\n'),
);

const unquote = (literal: string) => literal.slice(1, -1).replaceAll("''", "'");

/** What PowerShell would write into the two files: only literals, and nothing that it would run. */
function readScript(script: string) {
  const [, lines = '', base64, literal, data] = SCRIPT.exec(script) ?? [];
  expect(lines, script).not.toBe('');
  const config = lines.split(',\n').map((line) => {
    const plain = new RegExp(`^      (${LITERAL})$`).exec(line)?.[1];
    if (plain !== undefined) return Buffer.from(unquote(plain));
    const coded = new RegExp(`^      (.*)\\.GetString\\(${BASE64}\\)$`).exec(line);
    expect(coded?.[1], line).toBe(LATIN1);
    return Buffer.from(coded?.[2] ?? '', 'base64');
  });
  const body =
    literal === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(unquote(literal));
  return { config, body, hasBody: data !== undefined };
}

describe('a request as a script for PowerShell', () => {
  it('can be read', () => {
    const request = post(`{"it's":1}`, [['X-A', '"b"']]);
    expect(powershellCommand({ ...request, url: 'http://localhost:3000/hooks' })).toBe(`& {
  $config = [IO.Path]::GetTempFileName()
  $body = [IO.Path]::GetTempFileName()
  try {
    [IO.File]::WriteAllLines($config, [string[]]@(
      'request = "POST"',
      'url = "http://localhost:3000/hooks"',
      'header = "X-A: \\"b\\""',
      'header = "User-Agent:"',
      'header = "Accept:"',
      'header = "Content-Type:"'
    ), [Text.Encoding]::GetEncoding(28591))
    [IO.File]::WriteAllBytes($body, [Text.Encoding]::ASCII.GetBytes('{"it''s":1}'))
    $curl = @(Get-Command curl -CommandType Application)[0]
    & $curl --config $config --data-binary "@$body"
  } finally {
    Remove-Item $config, $body
  }
}`);
  });

  it('has curl send the same bytes, from files that hold nothing else', {
    timeout: 60_000,
  }, async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hookcli-pwsh-'));
    onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
    const server = await serveAnswers((_, response) => response.end(), onTestFinished);
    const others = (headers: readonly Header[]) =>
      headers.filter(([name]) => !/^(host|content-length)$/i.test(name));

    async function expectSame(request: RawRequest): Promise<void> {
      server.seen.length = 0;
      const script = powershellCommand({ ...request, url: server.url + request.url });
      const { config, body, hasBody } = readScript(script);
      const work = fs.mkdtempSync(path.join(folder, 'work-'));
      const file = (name: string, bytes: Uint8Array) => {
        fs.writeFileSync(path.join(folder, name), bytes);
        return path.join(folder, name);
      };
      // As Windows ends lines.
      const lines = config.flatMap((line) => [line, Buffer.from('\r\n')]);
      const args = ['--config', file('config', Buffer.concat(lines)), '-s'];
      if (hasBody) args.push('--data-binary', `@${file('body', body)}`);
      const env = { PATH: process.env.PATH ?? '', HOME: work };
      const child = spawn('curl', args, { cwd: work, env, stdio: ['ignore', 'ignore', 'inherit'] });
      expect(await once(child, 'close'), script).toEqual([0, null]);
      expect(fs.readdirSync(work)).toEqual([]);
      const [seen] = server.seen;
      expect([seen?.method, seen?.url], script).toEqual([request.method, request.url]);
      expect(others(pairHeaders(seen?.rawHeaders ?? [])), script).toEqual(others(request.headers));
      expect(seen?.body.equals(request.body), script).toBe(true);
    }
    await fc.assert(fc.asyncProperty(evilRequest, expectSame), { numRuns: 60 });
  });
});
