import test from 'ava';
import { findHookPoint, HOOK_POINTS } from '../../../src/catalog/events.ts';
import { hooksAt } from '../../../src/catalog/hook-events.ts';
import { eventPage } from '../../../src/report/catalog/catalog-event.ts';
import { eventList } from '../../../src/report/catalog/catalog-events.ts';
import { eventDocument } from '../../../src/report/catalog/catalog-json.ts';
import { makePaint } from '../../../src/report/paint.ts';

const look = { width: 80, paint: makePaint({}, {}) };

function pageOf(name: string): string {
  const point = findHookPoint(name);
  return point === undefined ? '' : eventPage(point, hooksAt(name), look);
}

test('the list has a line an event, and fits 80 columns', t => {
  const lines = eventList(HOOK_POINTS, look).split('\n');
  t.is(lines.length, 59);
  t.deepEqual(
    lines.filter(line => line.length > 80),
    [],
  );
  t.is(lines[0], 'EVENT                              INPUT   OUTPUT  ABORTS  USER  VDSM    OVIRT');
  t.is(lines[1], 'before_vm_start                    domain  yes     yes     vdsm  4.9.0   3.0/3.1');
  t.true(lines.includes('after_network_setup                json    -       -       root  4.14.0  3.4'));
});

test('a page tells what comes in, what goes out, what a failure does, who runs it, since when', t => {
  const page = pageOf('before_vm_start');
  t.true(page.startsWith('before_vm_start\nBefore the start of a VM.\n'));
  for (const line of [
    /^Since +VDSM 4\.9\.0 \(oVirt 3\.0\/3\.1\)$/m,
    /^Folder +\/usr\/libexec\/vdsm\/hooks\/before_vm_start$/m,
    /^User +vdsm$/m,
    /^Input +the domain XML of the VM.*\$_hook_domxml/m,
    /^Output +what the scripts leave/m,
    /^Failure +aborts the operation$/m,
    /^ {2}2 +failed +the scripts after it do not run$/m,
    /One failed script is enough/,
    /byte order of the names/,
    /restored from hibernation/,
    /Hooks of the catalogue here\n {2}boot_hostdev, /,
  ]) {
    t.regex(page, line);
  }
});

test('an event that aborts nothing says so, and one that runs as root too', t => {
  t.regex(pageOf('after_network_setup'), /^Failure +is logged; the operation goes on$/m);
  t.regex(pageOf('after_network_setup'), /Failed or not, the operation goes on/);
  t.regex(pageOf('after_network_setup'), /^User +root$/m);
  t.regex(pageOf('after_network_setup'), /Every file in the folder that user root may execute/);
});

test('an event that no hook of the catalogue uses has no list of hooks', t => {
  t.notRegex(pageOf('before_vm_pause'), /Hooks of the catalogue/);
});

test('every page fits 80 columns', t => {
  for (const { name } of HOOK_POINTS) {
    t.deepEqual(
      pageOf(name)
        .split('\n')
        .filter(line => line.length > 80),
      [],
      name,
    );
  }
});

test('the document of an event has its folder, the exit statuses and the hooks there', t => {
  const point = findHookPoint('after_get_stats');
  t.like(point && eventDocument(point, hooksAt(point.name)), {
    name: 'after_get_stats',
    folder: '/usr/libexec/vdsm/hooks/after_get_stats',
    input: 'json',
    output: true,
    aborts: false,
    user: 'vdsm',
    hooks: ['checkips'],
  });
});
