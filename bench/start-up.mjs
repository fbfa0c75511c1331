// How long whole commands take, from spawn to exit, against `node -e 0`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { atMost, median } from './median.mjs';

const bin = path.resolve(import.meta.dirname, '../bin/hookcli.js');
const SECRET = 'whsec_only_for_measuring_0123456789';

export async function startUp(rounds) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hookcli-bench-'));
  const env = { ...process.env, HOOKCLI_CONFIG_DIR: path.join(folder, 'config') };
  const handler = await startHandler();
  const store = path.join(folder, 'store');
  const run = (args) => {
    const start = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, args, { env, cwd: folder });
    if (status !== 0) throw new Error(`${args.join(' ')} exited with ${status}: ${stderr}`);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  const send = [
    bin,
    'send',
    'stripe',
    'payment_intent.succeeded',
    '--to',
    `${handler.port}`,
    '--secret',
    SECRET,
  ];
  try {
    // The 10,000 events that `list` reads the newest of.
    run([...send, '--store', store, '--count', '10000', '--concurrency', '16']);
    const subjects = [
      { name: 'hookcli --version', args: [bin, '--version'], goal: atMost(1.2) },
      { name: 'one send', args: [...send, '--store', path.join(folder, 'sends')], goal: atMost(2) },
      { name: 'list, 10,000 events', args: [bin, 'list', '--store', store], goal: atMost(1.7) },
    ];
    const times = subjects.map(() => []);
    const ratios = subjects.map(() => []);
    const bare = [];
    for (let round = -1; round < rounds; round++) {
      for (const [i, { args }] of subjects.entries()) {
        const yardstick = run(['-e', '0']);
        const subject = run(args);
        if (round < 0) continue;
        bare.push(yardstick);
        times[i].push(subject);
        ratios[i].push(subject / yardstick);
      }
    }
    return subjects.map(({ name, goal }, i) => ({
      name,
      goal,
      unit: 'ms',
      subject: median(times[i]),
      yardstick: median(bare),
      ratio: median(ratios[i]),
    }));
  } finally {
    await handler.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a thread of its own, since spawnSync stops this one. */
async function startHandler() {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:http').createServer((request, response) => {
       request.resume();
       request.on('end', () => response.end());
     });
     server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
    { eval: true },
  );
  const port = await new Promise((resolve) => worker.once('message', resolve));
  return { port, close: () => worker.terminate() };
}
