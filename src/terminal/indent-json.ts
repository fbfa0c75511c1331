const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|[^\s"[\]{},:]+/g;

/**
 * JSON as lines, one member each; undefined for other text. Every literal stays as it is written:
 * parsed and serialised again, long numbers would change and repeated names disappear.
 *
 * @param max lines at most; the rest is left out
 */
export function indentJson(text: string, max: number): string[] | undefined {
  if (!isJson(text)) return undefined;
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  const breakLine = () => {
    lines.push(line);
    line = '  '.repeat(depth);
  };
  let before = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const opensEmpty = (before === '{' && token === '}') || (before === '[' && token === ']');
    if ((before === '{' || before === '[') && !opensEmpty) {
      depth++;
      breakLine();
    } else if ((token === '}' || token === ']') && !opensEmpty) {
      depth--;
      breakLine();
    } else if (before === ',') {
      breakLine();
    }
    line += token === ':' ? ': ' : token;
    before = token;
    if (lines.length >= max) return lines;
  }
  return [...lines, line];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
