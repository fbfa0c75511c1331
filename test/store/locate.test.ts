import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateStore } from '../../src/store/locate.ts';
import { temporaryStore } from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
let top: string;
beforeEach(() => {
  folder = temporaryStore();
  top = path.dirname(folder.dir);
});
afterEach(() => folder.remove());

function make(...names: string[]): string {
  const made = path.join(top, ...names);
  fs.mkdirSync(made, { recursive: true });
  return made;
}

describe('the store of a working directory', () => {
  it('is the one that is named, by option before environment', () => {
    const cwd = make('a');
    const env = { HOOKCLI_STORE: '/elsewhere' };
    expect(locateStore({ cwd, flag: '../b', env })).toBe(path.join(top, 'b'));
    expect(locateStore({ cwd, env })).toBe('/elsewhere');
    expect(locateStore({ cwd, env: { HOOKCLI_STORE: '' } })).toBe(path.join(cwd, '.hookcli'));
  });

  it('is the nearest one upward, or will be made here', () => {
    const cwd = make('project', 'src', 'deep');
    expect(locateStore({ cwd })).toBe(path.join(cwd, '.hookcli'));
    const outer = make('project', '.hookcli');
    expect(locateStore({ cwd })).toBe(outer);
    const inner = make('project', 'src', '.hookcli');
    expect(locateStore({ cwd })).toBe(inner);
    fs.writeFileSync(path.join(cwd, '.hookcli'), 'a file');
    expect(locateStore({ cwd })).toBe(inner);
  });

  it('is the one of the home directory only when working right there', () => {
    const home = make('home');
    const own = make('home', '.hookcli');
    const cwd = make('home', 'project');
    expect(locateStore({ cwd, home })).toBe(path.join(cwd, '.hookcli'));
    expect(locateStore({ cwd, env: { HOME: home } })).toBe(path.join(cwd, '.hookcli'));
    expect(locateStore({ cwd: home, home })).toBe(own);
  });

  it('is not one that somebody else put in the way', () => {
    const cwd = make('shared', 'project');
    const target = make('target');
    fs.symlinkSync(target, path.join(top, 'shared', '.hookcli'));
    expect(locateStore({ cwd })).toBe(path.join(cwd, '.hookcli'));
    if (process.getuid?.() !== 0) return;
    fs.rmSync(path.join(top, 'shared', '.hookcli'));
    fs.chownSync(make('shared', '.hookcli'), 12_345, 12_345);
    expect(locateStore({ cwd })).toBe(path.join(cwd, '.hookcli'));
  });
});
