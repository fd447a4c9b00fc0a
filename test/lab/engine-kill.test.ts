import anyTest, { type TestFn } from 'ava';
import { heldInDocs } from '../held-docs.ts';
import {
  enumerateSteps,
  interruptAt,
  type Lane,
  type MatrixStep,
  openLane,
  PLACES,
} from './engine-matrix.ts';

// As many engines as make the machine busy.
const LANES = 4;

const test = anyTest as TestFn<{ lanes: readonly Lane[] }>;

test.before(async t => {
  t.timeout(300_000);
  t.context = { lanes: await Promise.all(Array.from({ length: LANES }, openLane)) };
});

test.after.always(async t => {
  await Promise.all(t.context.lanes.map(lane => lane.close()));
});

let steps: readonly MatrixStep[] = [];

test.serial('the remote steps of a run on an engine are those of its plan', async t => {
  const [lane] = t.context.lanes;
  steps = lane ? await enumerateSteps(t, lane) : [];
  t.true(steps.length > 15);
  t.log(`${steps.length} steps`);
});

for (const [how, title] of [
  ['kill', 'hookfleet is killed (-9)'],
  ['cut', 'the connection is cut'],
] as const) {
  test.serial(
    `${title} before, during and after every remote step of a run: the next one sets everything, restarts as often as was due, and leaves nothing behind`,
    async t => {
      t.timeout(600_000);
      const { lanes } = t.context;
      const began = performance.now();
      const cells = new Map<string, string>();
      const cases = steps.flatMap(step => PLACES.map(place => ({ step, place })));
      const waiting = [...cases];
      await Promise.all(
        lanes.map(async lane => {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
            const { step, place } = next;
            cells.set(`${step.script} ${step.step} ${place}`, await interruptAt(t, lane, step, place, how));
          }
        }),
      );
      t.log(`${cases.length} cases in ${Math.round((performance.now() - began) / 1000)} s`);
      await heldInDocs(t, 'docs/engine.md', how, matrix(steps, cells));
    },
  );
}

function matrix(steps: readonly MatrixStep[], cells: ReadonlyMap<string, string>): string {
  const rows = steps.map(({ script, step, title }) =>
    [title, ...PLACES.map(place => cells.get(`${script} ${step} ${place}`) ?? '')].join(' | '),
  );
  return [
    '| step | before | during | after |',
    '| --- | --- | --- | --- |',
    ...rows.map(row => `| ${row} |`),
  ].join('\n');
}
