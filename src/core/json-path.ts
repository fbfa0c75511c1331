import { HookcliError } from './errors.ts';

const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);

/**
 * Splits `data.items[0].id` (or `data.items.0.id`) into its steps. A dot or bracket that belongs to
 * a name is written after a backslash.
 *
 * @throws HookcliError `bad-path` for an empty step or one that would reach a prototype
 */
export function parsePath(path: string): string[] {
  const steps: string[] = [];
  let step = '';
  let fresh = true;
  const close = () => {
    if (step === '' && fresh) refuse(path, 'it has an empty step');
    if (step !== '') steps.push(step);
    step = '';
    fresh = true;
  };
  for (let i = 0; i < path.length; i++) {
    const letter = path[i] as string;
    if (letter === '\\' && i + 1 < path.length) {
      step += path[++i];
    } else if (letter === '.') {
      close();
    } else if (letter === '[') {
      if (step !== '') close();
      const end = path.indexOf(']', i);
      if (end === -1) refuse(path, 'a [ is not closed');
      step = path.slice(i + 1, end);
      if (step === '') refuse(path, 'it has an empty step');
      steps.push(step);
      step = '';
      fresh = false;
      i = end;
    } else {
      step += letter;
    }
  }
  if (step !== '' || fresh) close();
  for (const name of steps) {
    if (FORBIDDEN.has(name)) refuse(path, `"${name}" is not a field a payload may set`);
  }
  return steps;
}

/** Steps as a path that `parsePath` reads: `items[0].id`. */
export function pathText(steps: readonly string[]): string {
  let path = '';
  for (const step of steps) {
    if (INDEX.test(step)) path += `[${step}]`;
    else path += `${path === '' ? '' : '.'}${step.replace(/[.\\[]/g, '\\$&')}`;
  }
  return path;
}

function refuse(path: string, why: string): never {
  throw new HookcliError('bad-path', `"${path}" is not a path into a payload: ${why}.`, {
    hint: 'Write it like data.object.amount or items[0].id.',
  });
}

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const INDEX = /^(?:0|[1-9]\d*)$/;

/** True when the step names something the JSON itself holds; a list's `length` is none of it. */
const holds = (value: unknown, step: string): value is Record<string, unknown> =>
  isContainer(value) && Object.hasOwn(value, step) && (!Array.isArray(value) || INDEX.test(step));

/** The value at the path, or undefined; only what the payload itself holds is ever seen. */
export function getPath(root: unknown, steps: readonly string[]): unknown {
  let value = root;
  for (const step of steps) {
    if (!holds(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** How many of the steps lead to something that is there. */
export function stepsThere(root: unknown, steps: readonly string[]): number {
  let value = root;
  for (const [i, step] of steps.entries()) {
    if (!holds(value, step)) return i;
    value = value[step];
  }
  return steps.length;
}

/**
 * Sets the value at the path in place, making the objects on the way, and a list where 0 is the next
 * step; a digit step into a list may append.
 *
 * @throws HookcliError `bad-path` where the way leads into something that has no such place
 */
export function setPath(root: unknown, steps: readonly string[], value: unknown): void {
  let parent = root;
  for (const [i, step] of steps.entries()) {
    if (!isContainer(parent)) {
      throw new HookcliError(
        'bad-path',
        `"${pathText(steps)}" leads into ${JSON.stringify(parent)}, which has no fields.`,
        { hint: `Set ${pathText(steps.slice(0, i)) || 'the payload'} to an object first.` },
      );
    }
    if (Array.isArray(parent) && !(INDEX.test(step) && Number(step) <= parent.length)) {
      throw new HookcliError(
        'bad-path',
        `"${pathText(steps)}": "${step}" is not a place in a list of ${parent.length}.`,
        {
          hint: `In ${pathText(steps.slice(0, i)) || 'the payload'} use 0 to ${parent.length}; ${parent.length} appends.`,
        },
      );
    }
    if (i === steps.length - 1) {
      parent[step] = value;
    } else {
      if (!Object.hasOwn(parent, step)) parent[step] = steps[i + 1] === '0' ? [] : {};
      parent = parent[step];
    }
  }
}

/** Removes the field at the path; true when there was one. */
export function unsetPath(root: unknown, steps: readonly string[]): boolean {
  const parent = getPath(root, steps.slice(0, -1));
  const last = steps.at(-1);
  if (last === undefined || !holds(parent, last)) return false;
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return true;
}
