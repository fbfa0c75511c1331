/** What is other in the second of two values. A side that has nothing there is absent. */
export interface JsonDifference {
  readonly path: readonly (string | number)[];
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: unknown;
  readonly after?: unknown;
}

/** So deep are payloads looked into; below that, values are taken as a whole. */
const DEEPEST = 300;

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The differences of two payloads by their paths, in the order of the first. */
export function jsonDifferences(before: unknown, after: unknown): JsonDifference[] {
  const found: JsonDifference[] = [];
  compare(before, after, [], found);
  return found.map((difference) => ({ ...difference, ...writable(difference) }));
}

/** What is nested deeper than some engines can write down is told in words. */
function writable({ before, after }: JsonDifference): Partial<JsonDifference> {
  const deep = '(nested too deeply to be shown)';
  return {
    ...(isDeep(before, 2 * DEEPEST) ? { before: deep } : {}),
    ...(isDeep(after, 2 * DEEPEST) ? { after: deep } : {}),
  };
}

/** Whether there is more nested in a value than so many levels. */
function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeep(inner, levels - 1));
}

type Path = readonly (string | number)[];

function compare(before: unknown, after: unknown, path: Path, found: JsonDifference[]): void {
  if (path.length < DEEPEST && isObject(before) && isObject(after)) {
    compareMembers(before, after, path, found);
  } else if (path.length < DEEPEST && Array.isArray(before) && Array.isArray(after)) {
    compareItems(before, after, path, found);
  } else if (!isSame(before, after, path.length)) {
    found.push({ path, change: 'changed', before, after });
  }
}

function compareMembers(
  before: Members,
  after: Members,
  path: Path,
  found: JsonDifference[],
): void {
  for (const [key, value] of Object.entries(before)) {
    const inner = [...path, key];
    if (Object.hasOwn(after, key)) compare(value, after[key], inner, found);
    else found.push({ path: inner, change: 'removed', before: value });
  }
  for (const [key, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, key)) {
      found.push({ path: [...path, key], change: 'added', after: value });
    }
  }
}

/** What is the same at both ends is passed over, so that one item more does not change all behind it. */
function compareItems(
  before: readonly unknown[],
  after: readonly unknown[],
  path: Path,
  found: JsonDifference[],
): void {
  const shorter = Math.min(before.length, after.length);
  const same = (i: number, j: number) => isSame(before[i], after[j], path.length + 1);
  let start = 0;
  while (start < shorter && same(start, start)) start++;
  let end = 0;
  while (end < shorter - start && same(before.length - 1 - end, after.length - 1 - end)) end++;
  const [beforeEnd, afterEnd] = [before.length - end, after.length - end];
  for (let i = start; i < Math.max(beforeEnd, afterEnd); i++) {
    const inner = [...path, i];
    if (i < beforeEnd && i < afterEnd) compare(before[i], after[i], inner, found);
    else if (i < beforeEnd) found.push({ path: inner, change: 'removed', before: before[i] });
    else found.push({ path: inner, change: 'added', after: after[i] });
  }
}

function isSame(before: unknown, after: unknown, depth: number): boolean {
  if (before === after) return true;
  // What is nested that deep is not told apart further; the bytes still are.
  if (depth > 2 * DEEPEST) return true;
  if (Array.isArray(before) && Array.isArray(after)) {
    return (
      before.length === after.length && before.every((item, i) => isSame(item, after[i], depth + 1))
    );
  }
  if (!isObject(before) || !isObject(after)) return false;
  const keys = Object.keys(before);
  return (
    keys.length === Object.keys(after).length &&
    keys.every((key) => Object.hasOwn(after, key) && isSame(before[key], after[key], depth + 1))
  );
}

/** A path as `--set` takes it: `data.items[0].id`, with a backslash before what would part a name. */
export const pathText = (path: Path): string =>
  path
    .map((step, i) => {
      if (typeof step === 'number') return `[${step}]`;
      const name = step.replace(/[.\\[]/g, '\\$&');
      return i === 0 ? name : `.${name}`;
    })
    .join('');
