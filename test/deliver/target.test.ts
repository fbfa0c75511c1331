import { describe, expect, it } from 'vitest';
import {
  endpointOf,
  endpointUrl,
  hostOf,
  parseTarget,
  requestPath,
  targetUrl,
} from '../../src/deliver/target.ts';

describe('a target is read as people write it', () => {
  it.each([
    ['3000', 'http://localhost:3000', undefined],
    [':3000', 'http://localhost:3000', undefined],
    ['  3000 ', 'http://localhost:3000', undefined],
    ['3000/hooks', 'http://localhost:3000', '/hooks'],
    ['localhost', 'http://localhost', undefined],
    ['localhost:3000', 'http://localhost:3000', undefined],
    ['localhost:3000/', 'http://localhost:3000', '/'],
    ['localhost:3000/hooks/stripe?x=1&y=%2F', 'http://localhost:3000', '/hooks/stripe?x=1&y=%2F'],
    ['localhost:3000?x=1', 'http://localhost:3000', '/?x=1'],
    ['localhost:3000/a//b/../c#part', 'http://localhost:3000', '/a//b/../c'],
    ['localhost:3000/ü', 'http://localhost:3000', '/%C3%BC'],
    ['localhost:3000/%zz', 'http://localhost:3000', '/%zz'],
    ['LOCALHOST:3000/Path', 'http://localhost:3000', '/Path'],
    ['HTTP://Example.com/Hook', 'http://example.com', '/Hook'],
    ['https://example.com', 'https://example.com', undefined],
    ['https://example.com:8443/x', 'https://example.com:8443', '/x'],
    ['http://example.com:80/x', 'http://example.com', '/x'],
    ['127.0.0.1:3000', 'http://127.0.0.1:3000', undefined],
    ['http://2130706433:3000', 'http://127.0.0.1:3000', undefined],
    ['0x7f.1:3000', 'http://127.0.0.1:3000', undefined],
    ['[::1]:3000/x', 'http://[::1]:3000', '/x'],
    ['http://[0:0:0:0:0:0:0:1]:3000', 'http://[::1]:3000', undefined],
    ['bücher.example:3000', 'http://xn--bcher-kva.example:3000', undefined],
    ['localhost:3000//elsewhere.example/x', 'http://localhost:3000', '//elsewhere.example/x'],
  ])('%s', (text, origin, path) => {
    expect(parseTarget(text)).toEqual(path === undefined ? { origin } : { origin, path });
  });

  it.each([
    '',
    ' ',
    '/',
    '/hooks',
    '?x',
    ':',
    '0',
    'localhost:0',
    '65536',
    '2130706433',
    'localhost:70000',
    'localhost:three',
    '::1',
    'file:///etc/passwd',
    'FILE:///etc/passwd',
    'ftp://x',
    'ws://localhost:3000',
    'javascript:alert(1)',
    'data:text/plain,x',
    'http:/localhost',
    'http:localhost:3000',
    'https:///x',
    'http://',
    'user:pass@localhost:3000',
    'http://localhost:3000@elsewhere.example',
    'localhost\\@elsewhere.example',
    'localhost:3000/a b',
    'local\thost',
    'localhost:3000/\r\nHost: x',
    'exa mple.com',
    'http://[::1',
    'http://exa%mple',
  ])('%j is none', (text) => {
    expect(() => parseTarget(text)).toThrow(
      expect.objectContaining({
        code: 'bad-target',
        exitCode: 2,
        hint: expect.stringContaining('3000'),
      }),
    );
  });
});

it.each([
  ['/', '/'],
  ['/a?b#c', '/a?b#c'],
  ['//host/x', '//host/x'],
  ['/a//b/../c', '/a//b/../c'],
  ['http://elsewhere.example/x?y=1', '/x?y=1'],
  ['HTTPS://elsewhere.example:1/x', '/x'],
  ['http://elsewhere.example', '/'],
  ['http://elsewhere.example?y=1', '/?y=1'],
  ['http://user@elsewhere.example//b', '//b'],
  ['*', '/'],
])('the path of the request target %s is %s', (url, path) => {
  expect(requestPath(url)).toBe(path);
});

it('takes the incoming path only where the target has none', () => {
  const incoming = 'http://elsewhere.example//x?y=1';
  expect(endpointUrl(endpointOf(parseTarget('3000'), incoming))).toBe(
    'http://localhost:3000//x?y=1',
  );
  expect(endpointUrl(endpointOf(parseTarget('3000/'), incoming))).toBe('http://localhost:3000/');
  expect(targetUrl(parseTarget('3000/x'))).toBe('http://localhost:3000/x');
  expect(hostOf(endpointOf(parseTarget('[::1]:3000'), '/'))).toBe('[::1]:3000');
  expect(hostOf(endpointOf(parseTarget('http://example.com:80'), '/'))).toBe('example.com');
});
