import { existsSync, readFileSync } from 'node:fs';

/** One event of a provider, judged by something official. */
export interface Judged {
  readonly provider: string;
  readonly event: string;
  /** What judged it: packages with their versions. */
  readonly by: string;
}

declare module 'vitest' {
  interface TaskMeta {
    judged?: Judged;
  }
}

/** Notes on a running test what it judges, for the table at the end of the run. */
export function judged({ meta }: { readonly meta: { judged?: Judged } }, what: Judged): void {
  meta.judged = what;
}

/** `express 5.3.0`: a package, ours or the judges' own, as it is installed. */
export function versionOf(name: string): string {
  const manifest = ['.', '../..']
    .map((base) => new URL(`${base}/node_modules/${name}/package.json`, import.meta.url))
    .find((file) => existsSync(file));
  if (manifest === undefined) throw new Error(`${name} is not installed.`);
  return `${name} ${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
}
