import { unpin } from '../store/pins.ts';
import type { RunCommand } from './context.ts';
import { onEach } from './pin.ts';

export const run: RunCommand = (context) => onEach(context, unpin, 'no longer pinned');
