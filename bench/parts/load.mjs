// Sends signed 1 KB Stripe events over 32 connections and reports how many a second were answered.
// Bare sockets and requests made beforehand: a client that took as long as what is measured would
// show but itself.
import { createHmac } from 'node:crypto';
import net from 'node:net';

const [url, count, secret] = process.argv.slice(2);
const CONNECTIONS = 32;
const { hostname, port, host } = new URL(url);
const timestamp = Math.floor(Date.now() / 1000);

/** About 1 KB, each with an id of its own and its own signature, made before the clock starts. */
const requests = Array.from({ length: Number(count) }, (_, i) => {
  const body = JSON.stringify({
    id: `evt_${i}_${process.pid}`,
    object: 'event',
    type: 'invoice.paid',
    filler: 'x'.repeat(950),
  });
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return [
    'POST /webhook/stripe HTTP/1.1',
    `Host: ${host}`,
    'Connection: keep-alive',
    'Content-Type: application/json',
    `Stripe-Signature: t=${timestamp},v1=${signature}`,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
});

/** Whether the text is an answer with its whole body; anything but 200 ends the measurement. */
function isWhole(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  if (!text.startsWith('HTTP/1.1 200')) throw new Error(`Answered ${text.slice(0, 200)}`);
  const length = /\r\ncontent-length: (\d+)/i.exec(text);
  if (length === null) throw new Error('An answer came without its length.');
  return text.length >= end + 4 + Number(length[1]);
}

let next = 0;
let answered = 0;
await new Promise((resolve, reject) => {
  const start = process.hrtime.bigint();
  const connect = () => {
    const socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
    let answer = '';
    const send = () => {
      answer = '';
      if (next < requests.length) socket.write(requests[next++], 'latin1');
      else socket.end();
    };
    socket.setEncoding('latin1');
    socket.once('connect', send);
    socket.on('error', reject);
    socket.on('data', (text) => {
      answer += text;
      try {
        if (!isWhole(answer)) return;
      } catch (error) {
        return reject(error);
      }
      if (++answered === requests.length) {
        resolve();
        process.send((answered * 1e9) / Number(process.hrtime.bigint() - start));
      }
      // A server may end a connection after so many requests.
      if (/\r\nconnection: close\r\n/i.test(answer)) {
        socket.end();
        if (next < requests.length) connect();
      } else send();
    });
  };
  for (let i = 0; i < CONNECTIONS; i++) connect();
});
process.disconnect();
