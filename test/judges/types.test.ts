import { beforeAll, describe, expect, it } from 'vitest';
import { listFixtures } from '../../src/fixtures/read.ts';
import { getProvider } from '../../src/providers/index.ts';
import { judged, versionOf } from './record.ts';
import { type TypeVerdict, typeVerdicts } from './types/check.ts';
import { clerk } from './types/clerk.ts';
import { discord } from './types/discord.ts';
import { line } from './types/line.ts';
import { linear } from './types/linear.ts';
import { openai } from './types/openai.ts';
import { paddle } from './types/paddle.ts';
import { resend } from './types/resend.ts';
import { slack } from './types/slack.ts';
import { telegram } from './types/telegram.ts';
import type { TypeJudge } from './types/type-judge.ts';
import { workos } from './types/workos.ts';

const JUDGES = [
  slack,
  discord,
  telegram,
  linear,
  paddle,
  workos,
  clerk,
  resend,
  openai,
  line,
] satisfies TypeJudge[];

describe.each(JUDGES)('the types for $provider', (judge: TypeJudge) => {
  const events = listFixtures(judge.provider).map(({ event }) => event);
  const by = `types of ${judge.packages.map(versionOf).join(', ')}`;
  let verdicts: ReadonlyMap<string, TypeVerdict>;
  beforeAll(async () => {
    const found = await typeVerdicts(judge, getProvider(judge.provider));
    verdicts = new Map(found.map((verdict) => [verdict.event, verdict]));
  }, 120_000);
  const on = (event: string) => verdicts.get(event) as TypeVerdict;

  describe.each(events)('%s', (event) => {
    it('accept its body', ({ task }) => {
      judged(task, { provider: judge.provider, event, by });
      expect(on(event).faults).toEqual([]);
    });

    it('refuse it with any one leaf of another type', ({ task }) => {
      judged(task, { provider: judge.provider, event, by });
      expect(outside(on(event).anything, judge.anything)).toEqual([]);
    });

    it('refuse it with a member that nobody knows', ({ task }) => {
      judged(task, { provider: judge.provider, event, by });
      expect(outside(on(event).anyName, judge.anyName)).toEqual([]);
    });

    it('refuse it for any other event', ({ task }) => {
      judged(task, { provider: judge.provider, event, by });
      expect(on(event).passesFor).toEqual([]);
    });
  });

  it('refuse a value that nobody named', () => {
    expect(on(judge.named.event).takesUnnamed).toBe(false);
  });

  it('are open in all the places that are excused', () => {
    const { anything = {}, anyName = {} } = judge;
    const found = [...verdicts.values()];
    const idle = (excused: object, open: (verdict: TypeVerdict) => readonly string[]) =>
      Object.keys(excused).filter((place) => !found.flatMap(open).some(isAt(place)));
    expect(idle(anything, (verdict) => verdict.anything)).toEqual([]);
    expect(idle(anyName, (verdict) => verdict.anyName)).toEqual([]);
  });
});

/** The paths that lie in none of the places. */
const outside = (paths: readonly string[], places: object = {}) =>
  paths.filter((path) => !Object.keys(places).some((place) => isAt(place)(path)));

/** Whether a path is a place or lies below it; `*` is any one step. */
const isAt = (place: string) => (path: string) => {
  const steps = path.split('.');
  return place.split('.').every((step, i) => step === '*' || step === steps[i]);
};
