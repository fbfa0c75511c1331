import type { Reporter, TestModule } from 'vitest/node';
import type { Judged } from './record.ts';

/** Prints at the end of a run who judged which events, and how many of them passed. */
export class JudgedTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = new Map<string, { provider: string; by: string; events: Map<string, boolean> }>();
    for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
      const { judged } = test.meta() as { judged?: Judged };
      if (judged === undefined) continue;
      const { provider, by, event } = judged;
      const row = rows.get(`${provider} ${by}`) ?? { provider, by, events: new Map() };
      const passed = test.result().state === 'passed' && row.events.get(event) !== false;
      row.events.set(event, passed);
      rows.set(`${provider} ${by}`, row);
    }
    const table = [...rows.values()]
      .sort((a, b) => a.provider.localeCompare(b.provider))
      .map(({ provider, by, events }) => ({
        provider,
        events: events.size,
        'validated against': by,
        passed: [...events.values()].filter(Boolean).length,
      }));
    if (table.length > 0) console.table(table);
  }
}
