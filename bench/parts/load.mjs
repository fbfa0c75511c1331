// Sends signed 1 KB Stripe events over 32 connections and reports how many a second were answered.
import { createHmac } from 'node:crypto';
import { Pool } from 'undici';

const [url, count, secret] = process.argv.slice(2);
const CONNECTIONS = 32;
const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
const timestamp = Math.floor(Date.now() / 1000);

/** About 1 KB, each with an id of its own and its own signature, made before the clock starts. */
const requests = Array.from({ length: Number(count) }, (_, i) => {
  const body = Buffer.from(
    JSON.stringify({
      id: `evt_${i}_${process.pid}`,
      object: 'event',
      type: 'invoice.paid',
      filler: 'x'.repeat(950),
    }),
  );
  const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  return {
    body,
    headers: [
      'content-type',
      'application/json',
      'stripe-signature',
      `t=${timestamp},v1=${signature}`,
    ],
  };
});

let next = 0;
const send = () =>
  new Promise((resolve, reject) => {
    const request = requests[next++];
    pool.dispatch(
      { path: '/webhook/stripe', method: 'POST', headers: request.headers, body: request.body },
      {
        onConnect() {},
        onHeaders(status) {
          if (status !== 200) reject(new Error(`Answered ${status}`));
          return true;
        },
        onData: () => true,
        onComplete: resolve,
        onError: reject,
      },
    );
  });
const worker = async () => {
  while (next < requests.length) await send();
};

const start = process.hrtime.bigint();
await Promise.all(Array.from({ length: CONNECTIONS }, worker));
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
await pool.close();
process.send(requests.length / seconds);
process.disconnect();
