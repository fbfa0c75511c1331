import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pairHeaders } from '../../src/core/headers.ts';
import type { Header, RawRequest } from '../../src/core/types.ts';
import { httpMessage } from '../../src/formats/http-message.ts';
import { serveAnswers } from '../helpers/handlers.ts';
import { post } from '../helpers/requests.ts';
import { talk } from '../helpers/servers.ts';

const text = (request: RawRequest) => httpMessage(request).toString('latin1');

describe('a request as HTTP', () => {
  it('is as it came, line by line', () => {
    const headers: Header[] = [
      ['Host', 'localhost:4400'],
      ['content-TYPE', 'text/plain'],
      ['X-A', '1'],
      ['Content-Length', '2'],
      ['X-A', 'caf\u00e9'],
    ];
    expect(text({ ...post('hi', headers), url: '/a?b=%20c' })).toBe(
      'POST /a?b=%20c HTTP/1.1\r\nHost: localhost:4400\r\ncontent-TYPE: text/plain\r\nX-A: 1\r\n' +
        'Content-Length: 2\r\nX-A: caf\u00e9\r\n\r\nhi',
    );
  });

  it('has one length, and that of its body', () => {
    const lengths: Header[] = [
      ['Transfer-Encoding', 'chunked'],
      ['content-length', '99'],
    ];
    expect(text(post('four', [['Host', 'a'], ...lengths]))).toBe(
      'POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfour',
    );
    expect(text(post('four'))).toContain('Content-Length: 4');
    expect(text(post(''))).toContain('Content-Length: 0');
    expect(text({ ...post(''), method: 'GET' })).not.toContain('Content-Length');
  });

  it('asks for a path, of the host in its address', () => {
    expect(text({ ...post(''), url: 'https://example.com:8443/hooks?a=1' })).toMatch(
      /^POST \/hooks\?a=1 HTTP\/1\.1\r\nHost: example\.com:8443\r\n/,
    );
  });

  it('cannot hold lines that were none', () => {
    const evil = {
      method: 'PO ST\r\n',
      url: '/a b\r\nX: 1',
      headers: [['A', 'b\r\nC: d']] as const,
    };
    expect(text({ ...evil, body: Buffer.alloc(0) })).toBe(
      'POST /abX:1 HTTP/1.1\r\nA: b C: d\r\nContent-Length: 0\r\n\r\n',
    );
  });

  it('is read by a server as it was recorded', async () => {
    const server = await serveAnswers((_, response) => response.end(), onTestFinished);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        server.seen.length = 0;
        const headers: Header[] = [
          ['Host', 'example.com'],
          ['X-Order', 'b'],
          ['x-order', 'a'],
          ['Connection', 'close'],
        ];
        await talk(server.port, [httpMessage(post(body, headers))]);
        const [seen] = server.seen;
        expect(seen?.body.equals(body)).toBe(true);
        expect(pairHeaders(seen?.rawHeaders ?? [])).toEqual([
          ...headers,
          ['Content-Length', String(body.length)],
        ]);
      }),
      { numRuns: 20 },
    );
  });
});
