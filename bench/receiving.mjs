// Verify, record and forward 1 KB events at 32 connections, against a bare Node server that only
// passes the body on through undici's dispatch. Load, handler and subject are processes of their own.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atLeast, median } from './median.mjs';

const here = import.meta.dirname;
const bin = path.resolve(here, '../bin/hookcli.js');
export const SECRET = 'whsec_only_for_measuring_0123456789';

export async function receiving(rounds, requests) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hookcli-bench-'));
  const env = { ...process.env, HOOKCLI_CONFIG_DIR: path.join(folder, 'config') };
  const children = [];
  const start = async (file, args, options = {}) => {
    const child = fork(file, args, {
      env,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      ...options,
    });
    children.push(child);
    const line = await new Promise((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
        if (url) resolve(url[0]);
      });
      child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
    });
    return { child, url: line };
  };
  try {
    const handler = await start(path.join(here, 'parts/handler.mjs'), []);
    const bare = await start(path.join(here, 'parts/bare-proxy.mjs'), [handler.url]);
    const listen = [
      'listen',
      handler.url,
      '--port',
      '0',
      '--secret',
      SECRET,
      '--store',
      path.join(folder, 'store'),
    ];
    const hookcli = await start(bin, listen);
    hookcli.child.stdout.resume();
    const load = (url) =>
      new Promise((resolve, reject) => {
        const child = fork(path.join(here, 'parts/load.mjs'), [url, String(requests), SECRET], {
          env,
        });
        child.once('message', resolve);
        child.once(
          'exit',
          (code) => code === 0 || reject(new Error(`The load ended with ${code}`)),
        );
      });
    const rates = { bare: [], hookcli: [], ratio: [] };
    for (let round = -1; round < rounds; round++) {
      const yardstick = await load(bare.url);
      const subject = await load(hookcli.url);
      if (round < 0) continue;
      rates.bare.push(yardstick);
      rates.hookcli.push(subject);
      rates.ratio.push(subject / yardstick);
    }
    return [
      {
        name: 'receive, 1 KB, 32 connections',
        unit: 'a second',
        goal: atLeast(0.75),
        subject: median(rates.hookcli),
        yardstick: median(rates.bare),
        ratio: median(rates.ratio),
      },
    ];
  } finally {
    await Promise.all(
      children.map((child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        return ended;
      }),
    );
    rmSync(folder, { recursive: true, force: true });
  }
}
