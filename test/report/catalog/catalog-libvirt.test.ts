import test from 'ava';
import { LIBVIRT_DRIVERS } from '../../../src/catalog/libvirt-drivers.ts';
import { allOperations, findDriver, findOperations } from '../../../src/catalog/libvirt-events.ts';
import {
  driverDocument,
  driverPage,
  operationDocument,
  operationList,
  operationPage,
} from '../../../src/report/catalog/catalog-libvirt.ts';
import { makePaint } from '../../../src/report/paint.ts';

const look = { width: 80, paint: makePaint({}, {}) };

function pageOf(name: string): string {
  const [found] = findOperations(name);
  return found === undefined ? '' : operationPage(found, look);
}

test('the list has a line an operation, and fits 80 columns', t => {
  const lines = operationList(allOperations(), look).split('\n');
  t.is(lines.length, allOperations().length + 1);
  t.deepEqual(
    lines.filter(line => line.length > 80),
    [],
  );
  t.is(lines[0], 'DRIVER/OPERATION      STDIN                OUTPUT  ABORTS  USER  LIBVIRT');
  t.is(lines[1], 'qemu/prepare          domain               -       yes     root  0.9.0');
  t.true(lines.includes('qemu/stop             domain               -       -       root  never'));
  t.true(lines.includes('network/plugged       network port         -       -       root  1.2.2 to 5.5.0'));
});

test('a page tells what comes in, what goes out, what a failure does, as which user, since when', t => {
  const page = pageOf('qemu/migrate');
  t.true(page.startsWith('qemu/migrate\nBefore an incoming migration'));
  for (const line of [
    /^Since +libvirt 0\.9\.11$/m,
    /^Called as +HOOK NAME migrate begin -$/m,
    /^User +root/m,
    /^Input +the domain XML with its secrets, on stdin$/m,
    /^Output +stdout: .*the new domain XML$/m,
    /^Failure +the incoming migration is cancelled/m,
    /do\s+not log it/,
  ]) {
    t.regex(page, line);
  }
  t.regex(pageOf('qemu/stop'), /^Since +no release of libvirt calls it$/m);
  t.notRegex(pageOf('qemu/stop'), /^Failure/m);
  t.regex(pageOf('qemu/attach'), /^Since +libvirt 0\.9\.13; no longer from 5\.5\.0 on$/m);
  t.regex(pageOf('qemu/release'), /HOOK NAME release end REASON.*\n.*10\.5\.0/);
  t.regex(pageOf('qemu/release'), /The reason is one of unknown, [^-]*from\s+snapshot,/);
  t.regex(pageOf('daemon/reload'), /^Called as +HOOK - reload begin SIGHUP$/m);
  t.regex(pageOf('bhyve/start'), /^User +root$/m);
});

test('a driver’s page has its files, its daemons and all of its operations', t => {
  for (const driver of LIBVIRT_DRIVERS) {
    const page = driverPage(driver, look);
    t.true(page.includes(`/etc/libvirt/hooks/${driver.driver}.d`));
    for (const { name } of driver.operations) {
      t.true(page.includes(`  ${driver.driver}/${name} `), `${driver.driver}/${name}`);
    }
    t.deepEqual(
      page.split('\n').filter(line => line.length > 82),
      [],
    );
  }
});

test('documents have the same keys for every operation, and a driver holds its own', t => {
  t.is(new Set(allOperations().map(one => Object.keys(operationDocument(one)).join())).size, 1);
  const [stop] = findOperations('qemu/stop');
  t.like(stop && operationDocument(stop), {
    name: 'qemu/stop',
    since: null,
    failure: null,
    removedIn: null,
    aborts: false,
  });
  const qemu = findDriver('qemu');
  t.is(qemu && driverDocument(qemu).operations.length, 10);
});
