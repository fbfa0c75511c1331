// Verify, record and forward 1 KB events at 32 connections, against a bare Node server that only
// passes the body on through undici's dispatch. Load, handler and subject are processes of their own.
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atLeast, median } from './median.mjs';

const here = import.meta.dirname;
const bin = path.resolve(here, '../bin/hookcli.js');
/** Until all that is run often is compiled; it takes both of them some 10,000 requests. */
const WARM_UP = 20_000;
export const SECRET = 'whsec_only_for_measuring_0123456789';

/** CPU time a process has used, in µs: of all its threads, the collector's too. */
function cpuOf(pid) {
  // `USER_HZ` is 100 on every Linux there is: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

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
      child.stdout.on('data', function look(chunk) {
        text += chunk;
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
        if (url === null) return;
        // To keep all that the subject prints would be work that competes with it.
        child.stdout.off('data', look);
        resolve(url[0]);
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
    const load = (url, count) =>
      new Promise((resolve, reject) => {
        const args = [url, String(count), SECRET];
        const child = fork(path.join(here, 'parts/load.mjs'), args, { env });
        child.once('message', resolve);
        child.once('exit', (code) => reject(new Error(`The load ended with ${code}`)));
      });
    const hasProc = existsSync('/proc/self/stat');
    const measure = async ({ child, url }) => {
      const before = hasProc ? cpuOf(child.pid) : 0;
      const rate = await load(url, requests);
      return { rate, cpu: hasProc ? (cpuOf(child.pid) - before) / requests : 0 };
    };
    for (const { url } of [bare, hookcli]) await load(url, WARM_UP);
    const yardsticks = [];
    const subjects = [];
    for (let round = 0; round < rounds; round++) {
      yardsticks.push(await measure(bare));
      subjects.push(await measure(hookcli));
    }
    const compare = (name, unit, of, goal) => ({
      name,
      unit,
      goal,
      subject: median(subjects.map(of)),
      yardstick: median(yardsticks.map(of)),
      ratio: median(subjects.map((subject, i) => of(subject) / of(yardsticks[i]))),
    });
    const name = 'receive, 1 KB, 32 connections';
    const results = [compare(name, 'a second', ({ rate }) => rate, atLeast(0.75))];
    if (hasProc) results.push(compare('  CPU of it', 'µs', ({ cpu }) => cpu));
    return results;
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
