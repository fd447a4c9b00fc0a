import { createHash } from 'node:crypto';
import test from 'ava';
import { sh } from '../../../src/core/sh.ts';
import { readVdsmView, seenByVdsm, vdsmViewProbe } from '../../../src/resources/vdsm-view/vdsm-view-found.ts';
import { inRoot } from '../in-root.ts';

const HOOKS = '/usr/libexec/vdsm/hooks';
const sum = (text: string) => createHash('sha256').update(text).digest('hex');

const FILES = {
  [`${HOOKS}/before_vm_start/50_run`]: 'runs',
  [`${HOOKS}/before_vm_start/10 blank\\slash`]: 'runs too',
  [`${HOOKS}/before_vm_start/60_plain`]: 'no x bit',
  [`${HOOKS}/before_vm_start/.70_hidden`]: 'hidden',
  [`${HOOKS}/before_vm_start/__pycache__/x`]: 'in a folder',
  [`${HOOKS}/after_vm_start/70_old.rpmsave`]: 'runs as well',
};
const EXECUTABLE = sh`cd .${HOOKS} && chmod 755 before_vm_start/50_run before_vm_start/10* before_vm_start/.70_hidden before_vm_start/__pycache__/x after_vm_start/70_old.rpmsave &&
ln -s ../after_vm_start/70_old.rpmsave before_vm_start/80_link && ln -s /nowhere before_vm_start/90_dangling && cd - >/dev/null`;

/** As `id` and `runuser` of a host with the user vdsm, who may execute everything but the names given. */
const userVdsm = (...forbidden: readonly string[]) => ({
  id: 'exit 0',
  runuser: `shift 3; exec "$@" | grep -v -e '^$' ${forbidden.map(name => `-e ${name}`).join(' ')}`,
});

const probe = sh`${EXECUTABLE}
${vdsmViewProbe(2)}`;

const ON_DISK = {
  'after_vm_start/70_old.rpmsave': sum('runs as well'),
  'before_vm_start/10 blank\\slash': sum('runs too'),
  'before_vm_start/50_run': sum('runs'),
  'before_vm_start/80_link': sum('runs as well'),
};

test('what VDSM would run is read with its content: any executable file, links too, nothing hidden or in folders', async t => {
  const { stdout, stderr } = await inRoot(t, probe, { files: FILES, programs: userVdsm() });
  const found = readVdsmView({ stdout, stderr, exitCode: 0 });
  t.deepEqual(Object.fromEntries([...found.disk].toSorted()), ON_DISK);
  t.deepEqual(found.report, { kind: 'no-client' });
  t.deepEqual(seenByVdsm(found), found.disk);
});

test('what user vdsm may not execute is not what VDSM sees', async t => {
  const { stdout, stderr } = await inRoot(t, probe, { files: FILES, programs: userVdsm('50_run') });
  const found = readVdsmView({ stdout, stderr, exitCode: 0 });
  t.true(found.disk.has('before_vm_start/50_run'));
  t.false(seenByVdsm(found).has('before_vm_start/50_run'));
  t.is(seenByVdsm(found).size, 3);
});

test("VDSM's own report counts before what the disk would make of it", async t => {
  const report = { cpuCores: '4', hooks: { before_vm_start: { '50_run': { checksum: sum('old') } } } };
  const { stdout, stderr } = await inRoot(t, probe, {
    files: FILES,
    programs: {
      ...userVdsm(),
      'vdsm-client': `[ "$*" = 'Host getCapabilities' ] && cat <<'END'\n${JSON.stringify(report, null, 4)}\nEND`,
    },
  });
  const found = readVdsmView({ stdout, stderr, exitCode: 0 });
  t.is(found.disk.size, 4);
  t.deepEqual(found.report, { kind: 'told', hooks: new Map([['before_vm_start/50_run', sum('old')]]) });
  t.deepEqual(seenByVdsm(found), new Map([['before_vm_start/50_run', sum('old')]]));
});

test('a VDSM that does not answer in time, or not at all, is told apart, and its words are kept', async t => {
  const hanging = await inRoot(t, probe, { files: FILES, programs: { 'vdsm-client': 'exec sleep 60' } });
  t.like(readVdsmView({ ...hanging, exitCode: 0 }).report, { kind: 'no-answer', exitCode: 124 });
  const refused = await inRoot(t, probe, {
    files: FILES,
    programs: { 'vdsm-client': 'echo "vdsm-client: Connection refused" >&2; exit 1' },
  });
  t.deepEqual(readVdsmView({ ...refused, exitCode: 0 }).report, {
    kind: 'no-answer',
    exitCode: 1,
    said: 'vdsm-client: Connection refused',
  });
});

test('a host without hook folders, and one without scripts, has none', async t => {
  for (const files of [{}, { [`${HOOKS}/before_vm_start/60_plain`]: '' }]) {
    const { stdout, stderr, exitCode } = await inRoot(t, vdsmViewProbe(2), { files });
    t.is(exitCode, 0);
    t.is(stderr, '');
    t.is(readVdsmView({ stdout, stderr, exitCode: 0 }).disk.size, 0);
  }
});

test('capabilities without hooks, of another shape and broken ones are no answer', t => {
  for (const text of ['{}', '[]', 'null', '{"hooks":', '{"hooks": 3}', '']) {
    const { report } = readVdsmView({ stdout: `J\t0\n${text}\n`, stderr: '', exitCode: 0 });
    t.is(report.kind, 'no-answer', text);
  }
});
