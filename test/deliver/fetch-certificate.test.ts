import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateFetcher } from '../../src/deliver/fetch-certificate.ts';
import { nodeTransport } from '../../src/deliver/node-transport.ts';

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  if (request.url === '/long') return void response.end('x'.repeat(70_000));
  if (request.url === '/moved') return void response.writeHead(302, { location: '/cert' }).end();
  response.end('-----BEGIN CERTIFICATE-----');
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

describe('fetching a certificate', () => {
  it('is done once for each address', async () => {
    const fetch = certificateFetcher(nodeTransport());
    const texts = await Promise.all([fetch(`${url}/cert`), fetch(`${url}/cert`)]);
    expect(texts).toEqual(['-----BEGIN CERTIFICATE-----', '-----BEGIN CERTIFICATE-----']);
    expect(asked.filter((line) => line === 'GET /cert')).toHaveLength(1);
  });

  it('follows no redirect, takes nothing long, and tries again what failed', async () => {
    const fetch = certificateFetcher(nodeTransport());
    await expect(fetch(`${url}/moved`)).rejects.toThrow('status 302');
    await expect(fetch(`${url}/moved`)).rejects.toThrow('status 302');
    expect(asked.filter((line) => line === 'GET /moved')).toHaveLength(2);
    await expect(fetch(`${url}/long`)).rejects.toThrow('too long');
  });
});
