import test from 'ava';
import { type Entry, judgeEntry, judgeEventFolder } from '../../src/lint/names.ts';

const SCRIPT: Entry = { name: '50_audit', type: 'file', executable: true, script: true };

for (const [title, of, entry, ids] of [
  ['a script', 'vdsm', {}, []],
  ['a script without its x bit', 'vdsm', { executable: false }, ['not-executable']],
  ['a module beside the scripts', 'vdsm', { name: 'audit.py', executable: false, script: false }, []],
  ['an executable copy', 'vdsm', { name: '50_audit.bak' }, ['runs-by-accident']],
  ['a copy of rpm', 'libvirt', { name: '50-audit.rpmsave' }, ['runs-by-accident']],
  ['a copy of an editor', 'vdsm', { name: '50_audit~' }, ['runs-by-accident']],
  ['a text that is executable', 'libvirt', { name: 'README.txt', script: false }, ['runs-by-accident']],
  ['a text', 'libvirt', { name: 'README.txt', script: false, executable: false }, []],
  ['a hidden file of VDSM', 'vdsm', { name: '.50_audit' }, ['never-runs']],
  ['a hidden file of libvirt', 'libvirt', { name: '.50-audit' }, ['runs-by-accident']],
  ['a folder', 'vdsm', { name: 'lib', type: 'folder' }, ['never-runs']],
  ['what Python leaves', 'vdsm', { name: '__pycache__', type: 'folder' }, []],
  ['a dead link', 'libvirt', { type: 'broken' }, ['never-runs']],
  ['no number', 'vdsm', { name: 'audit' }, ['unnumbered-name']],
  ['one digit', 'libvirt', { name: '9-audit' }, ['unnumbered-name']],
  ['a blank in the name', 'vdsm', { name: '50 audit' }, ['hook-name']],
] as const) {
  test(`${title} among hooks of ${of}: ${ids.join(', ') || 'nothing to tell'}`, t => {
    const found = judgeEntry({ ...SCRIPT, ...entry }, of);
    t.deepEqual(
      found.map(({ id }) => id),
      [...ids],
    );
  });
}

test('a copy that is not executable is a warning only', t =>
  t.is(judgeEntry({ ...SCRIPT, name: '50_audit.bak', executable: false }, 'vdsm')[0]?.severity, 'warning'));

test('a folder is known as an event, told when it means to be one, and left alone otherwise', t => {
  t.is(judgeEventFolder('before_vm_start'), 'event');
  t.is(judgeEventFolder('samples'), undefined);
  const slip = judgeEventFolder('before_vm_strat');
  t.like(slip, { id: 'unknown-event', hint: 'Did you mean "before_vm_start"?' });
  t.like(judgeEventFolder('after_everything'), { id: 'unknown-event' });
});
