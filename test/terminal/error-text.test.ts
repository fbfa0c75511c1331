import { describe, expect, it } from 'vitest';
import { HookcliError } from '../../src/core/errors.ts';
import { errorText } from '../../src/terminal/error-text.ts';
import { colored, plain } from './samples.ts';

const quiet = { verbose: false };
const verbose = { verbose: true };

describe('the text of an error', () => {
  const error = new HookcliError('x', 'There is no provider "strip".', {
    hint: 'Did you mean "stripe"?',
    cause: new Error('not found'),
  });

  it('says what is wrong, then what to do', () => {
    expect(errorText(error, plain, quiet)).toBe(
      'error: There is no provider "strip".\nDid you mean "stripe"?',
    );
    expect(errorText(error, colored, quiet)).toMatch(/^\x1b\[31merror:\x1b\[39m There/);
    expect(errorText(new HookcliError('x', 'No.'), plain, quiet)).toBe('error: No.');
  });

  it('says what is behind it when asked', () => {
    expect(errorText(error, plain, verbose).split('\n')[2]).toBe('because of: not found');
  });

  it('calls everything else a bug, with a stack only when asked', () => {
    const bug = new TypeError('x is not a function');
    expect(errorText(bug, plain, quiet)).toBe(
      'hookcli has a bug: x is not a function\n' +
        'Please report it, with the command you typed; --verbose shows where it happened.',
    );
    expect(errorText(bug, plain, verbose)).toContain('error-text.test.ts');
    expect(errorText('thrown text', plain, verbose)).toContain('bug: thrown text\nPlease');
  });

  it('cannot be steered by the value it names', () => {
    const evil = new HookcliError('x', 'No event "\x1b[2Ja\n::error::b\nerror: c".', {
      hint: '\x9b',
    });
    expect(errorText(evil, plain, quiet)).toBe(
      'error: No event "\\x1b[2Ja\n  \\x3a:error::b\n  error: c".\n\\x9b',
    );
  });
});
