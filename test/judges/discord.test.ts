import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyKey, verifyKeyMiddleware, verifyWebhookEventMiddleware } from 'discord-interactions';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/ids.ts';
import { signSpoiled } from '../../src/deliver/spoil.ts';
import discord from '../../src/providers/discord.ts';
import { ed25519HexPair } from '../../src/schemes/key-pair.ts';
import { stop } from '../helpers/servers.ts';
import { header, testJudge } from './judge.ts';
import { ask, challengeOf, faultOf } from './wire.ts';

testJudge({
  sdk: 'discord-interactions',
  provider: discord,
  accepts: (request, secret) =>
    verifyKey(
      request.body,
      header(request, 'X-Signature-Ed25519'),
      header(request, 'X-Signature-Timestamp'),
      ed25519HexPair.publicPart(secret),
    ),
  reads: { 'in upper case': 'discord-interactions 4 reads hex in either case' },
});

describe("a server with discord-interactions' middleware", () => {
  const secret = discord.secret.generate(seededRandom('discord'));
  const publicKey = ed25519HexPair.publicPart(secret);
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    const app = express();
    app.post('/interactions', verifyKeyMiddleware(publicKey) as express.RequestHandler);
    app.post('/events', verifyWebhookEventMiddleware(publicKey) as express.RequestHandler);
    await new Promise<void>((listening) => {
      server = app.listen(0, '127.0.0.1', () => listening());
    });
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => stop(server));

  it.each([
    ['ping', '/interactions'],
    ['webhook_ping', '/events'],
  ])('knows our %s, and refuses it falsely signed as Discord wants it', async (id, path) => {
    const challenge = challengeOf(discord, id, origin + path, secret);
    expect(faultOf(discord, id, await ask(origin, challenge), challenge, secret)).toBeUndefined();

    const spoiling = { spoil: 'signature', random: seededRandom(id), secret, eventId: '' } as const;
    const spoiled = signSpoiled(challenge, discord, { ...spoiling, at: new Date() });
    const refusal = discord.handshakes?.find((handshake) => handshake.id === id)?.refusal;
    expect((await ask(origin, spoiled)).status).toBe(refusal);
  });
});
