import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Happening, RawRequest } from '../../src/core/types.ts';
import { openPool } from '../../src/deliver/attempt.ts';
import { parseTarget } from '../../src/deliver/target.ts';
import { Duplicates } from '../../src/receive/duplicates.ts';
import { type ReceiveOptions, receive } from '../../src/receive/receive.ts';
import { endpointsFor } from '../../src/receive/routes.ts';
import { type ServerOptions, startServer } from '../../src/receive/server.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { identify } from '../../src/verify/identify.ts';
import type { AtEnd } from '../helpers/servers.ts';

export interface Pipe {
  readonly port: number;
  readonly url: string;
  readonly store: Store;
  readonly happenings: Happening[];
  /** What the server handed to the pipe. */
  readonly requests: RawRequest[];
  readonly troubles: unknown[];
  close(): Promise<void>;
}

export type PipeOptions = Partial<ReceiveOptions> &
  Partial<ServerOptions> & { readonly forward?: readonly string[] };

/** A store in a folder of its own. */
export function temporaryStore(atEnd: AtEnd): Store {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hookcli-receive-'));
  const store = openStore(path.join(folder, 'store'));
  atEnd(async () => {
    await store.close();
    fs.rmSync(folder, { recursive: true });
  });
  return store;
}

/** Server, pipe, store and pool, put together as `hookcli listen` does it. */
export async function startPipe(atEnd: AtEnd, options: PipeOptions = {}): Promise<Pipe> {
  const store = temporaryStore(atEnd);
  const transport = options.transport ?? (await openPool());
  const targets = (options.forward ?? []).map(parseTarget);
  const happenings: Happening[] = [];
  const requests: RawRequest[] = [];
  const troubles: unknown[] = [];
  const duplicates = new Duplicates();
  const server = await startServer({
    port: 0,
    host: '127.0.0.1',
    maxBodyBytes: 1_024 ** 2,
    onTrouble: (error) => troubles.push(error),
    handle: (request) => {
      requests.push(request);
      return receive(request, {
        store,
        identify,
        secretsOf: async () => ({ secrets: [], origin: 'nowhere' }),
        duplicates,
        wanted: () => true,
        endpointsFor: (event) => endpointsFor(event, [], targets),
        transport,
        timeoutMs: 10_000,
        reject: false,
        emit: (happening) => happenings.push(happening),
        ...options,
      });
    },
    ...options,
  });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= server.close().then(() => transport.close());
    return closing;
  };
  atEnd(close);
  return { port: server.port, url: server.url, store, happenings, requests, troubles, close };
}
