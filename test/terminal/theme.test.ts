import { describe, expect, it } from 'vitest';
import { createTheme, type Theme, wantsColor } from '../../src/terminal/theme.ts';

const paints = ({ symbols: _, ...roles }: Theme) => Object.entries(roles);

describe('a theme', () => {
  it('without colour changes nothing', () => {
    for (const [role, paint] of paints(createTheme({ color: false }))) {
      expect(paint('text'), role).toBe('text');
    }
  });

  it('with colour opens and closes it', () => {
    for (const [role, paint] of paints(createTheme({ color: true }))) {
      expect(paint('text'), role).toMatch(/^\x1b\[\d+mtext\x1b\[\d+m$/);
    }
  });

  it('has symbols for terminals without them', () => {
    const { symbols } = createTheme({ color: false, unicode: false });
    expect(Object.values(symbols).join('')).toMatch(/^[\x21-\x7e]+$/);
    expect(createTheme({ color: false }).symbols.ok).toBe('✓');
  });
});

describe('colour is wanted', () => {
  it.each([
    ['on a terminal', {}, true, true],
    ['not in a pipe', {}, false, false],
    ['not with NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['with an empty NO_COLOR, which counts as none', { NO_COLOR: '' }, true, true],
    ['not with NO_COLOR beside FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['in a pipe with FORCE_COLOR', { FORCE_COLOR: '1' }, false, true],
    ['in a pipe with an empty FORCE_COLOR', { FORCE_COLOR: '' }, false, true],
    ['not with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['not with FORCE_COLOR=false', { FORCE_COLOR: 'false' }, true, false],
    ['not on a dumb terminal', { TERM: 'dumb' }, true, false],
  ])('%s', (_, env, isTTY, wanted) => {
    expect(wantsColor({ flag: 'auto', env, isTTY })).toBe(wanted);
  });

  it('as the flag says, before anything else', () => {
    expect(wantsColor({ flag: 'on', env: { NO_COLOR: '1' }, isTTY: false })).toBe(true);
    expect(wantsColor({ flag: 'off', env: { FORCE_COLOR: '1' }, isTTY: true })).toBe(false);
  });
});
