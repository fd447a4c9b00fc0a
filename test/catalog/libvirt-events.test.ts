import test from 'ava';
import { LIBVIRT_DRIVERS } from '../../src/catalog/libvirt-drivers.ts';
import { allOperations, findDriver, findOperations, isAlive } from '../../src/catalog/libvirt-events.ts';
import { notesOf } from '../../src/catalog/libvirt-notes.ts';

const names = (name: string) =>
  findOperations(name).map(({ driver, operation }) => `${driver.driver}/${operation.name}`);

test('an operation is found by its name alone, in every driver that has it, or with its driver', t => {
  t.deepEqual(names('migrate'), ['qemu/migrate', 'libxl/migrate']);
  t.deepEqual(names('libxl/migrate'), ['libxl/migrate']);
  t.deepEqual(names('port-created'), ['network/port-created']);
  t.deepEqual(names('start').length, 6);
  for (const wrong of ['', '/', 'qemu/', '/start', 'qemu/updated', 'constructor', 'qemu']) {
    t.deepEqual(names(wrong), [], wrong);
  }
  t.is(findDriver('network')?.driver, 'network');
  t.is(findDriver('storage'), undefined);
});

test('every operation says when it is called and what its failure does', t => {
  for (const { driver, operation } of allOperations()) {
    const { when, failure, notes } = notesOf(driver.driver, operation);
    const name = `${driver.driver}/${operation.name}`;
    t.regex(when, /^[A-Z].*\.$/, name);
    t.regex(failure, /\w/, name);
    t.true(
      notes.every(note => /^(?:[A-Z]|libvirt ).*\.$/.test(note)),
      name,
    );
    t.is(
      /aborted|cancelled|killed|KILLED|stopped|cleans/.test(failure),
      operation.aborts,
      `${name}: ${failure}`,
    );
  }
  t.is(allOperations().length, LIBVIRT_DRIVERS.flatMap(({ operations }) => operations).length);
});

test('what no libvirt calls today is told apart', t => {
  t.deepEqual(
    allOperations()
      .filter(({ operation }) => !isAlive(operation))
      .map(({ driver, operation }) => `${driver.driver}/${operation.name}`),
    ['qemu/attach', 'qemu/stop', 'network/plugged', 'network/unplugged'],
  );
});

test('libvirt up to 5.4 heeds the exit status at attach', t => {
  const [found] = findOperations('qemu/attach');
  t.is(found?.operation.aborts, true);
  t.is(found && notesOf('qemu', found.operation).failure, 'the attaching is aborted');
});

test('a failing reconnect of QEMU kills what runs, and that stands out', t => {
  const [found] = findOperations('qemu/reconnect');
  t.is(found && notesOf('qemu', found.operation).failure, 'THE RUNNING DOMAIN IS KILLED');
});
