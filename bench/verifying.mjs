// Identifying and verifying one 1 KB event in a warm process, against the bare HMAC it cannot do without.
import { createHmac } from 'node:crypto';
import { identify, sign, verify } from '../dist/index.js';
import { atMost, median } from './median.mjs';

const SECRET = 'whsec_only_for_measuring_0123456789';

export async function verifying(rounds, times) {
  const body = Buffer.from(
    JSON.stringify({ id: 'evt_1', object: 'event', type: 'invoice.paid', filler: 'x'.repeat(950) }),
  );
  const at = new Date();
  const headers = [['Content-Type', 'application/json']];
  const request = sign({
    provider: 'stripe',
    request: { url: '/webhook/stripe', headers, body },
    secret: SECRET,
    at,
  });
  const yardstick = () => createHmac('sha256', SECRET).update('1795573257.').update(body).digest();
  const subject = async () => {
    const provider = identify(request);
    const verdict = await verify({ provider, request, secrets: [SECRET], at });
    if (verdict.status !== 'verified') throw new Error(verdict.detail);
  };
  const micros = async (work) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < times; i++) await work();
    return Number(process.hrtime.bigint() - start) / 1e3 / times;
  };
  const results = { yardstick: [], subject: [], ratio: [] };
  for (let round = -1; round < rounds; round++) {
    const bare = await micros(yardstick);
    const ours = await micros(subject);
    if (round < 0) continue;
    results.yardstick.push(bare);
    results.subject.push(ours);
    results.ratio.push(ours / bare);
  }
  return [
    {
      name: 'identify and verify, 1 KB, warm',
      goal: atMost(6),
      unit: 'µs',
      subject: median(results.subject),
      yardstick: median(results.yardstick),
      ratio: median(results.ratio),
    },
  ];
}
