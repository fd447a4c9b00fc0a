import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { setUpTry, sh } from './try-set-up.ts';

test('a hook gets four arguments, the domain XML on stdin, and next to no environment', async t => {
  const { script, json } = await setUpTry(t);
  await script(
    'qemu.d/10-x',
    sh(
      'echo "$#|$1|$2|$3|$4" >&2',
      'env | cut -d= -f1 | sort | tr "\\n" " " >&2; echo >&2',
      'echo "$(pwd) $(umask) $(grep -c "<domain type=.kvm" )" >&2',
    ),
  );
  const { tried, document } = await json('qemu.d', '--driver', 'qemu', '--op', 'release');
  const [args, names, facts] = tried.scripts[0]?.ran?.stderr.split('\n') ?? [];
  t.is(args, '4|sample|release|end|destroyed');
  t.deepEqual(
    names?.split(' ').filter(name => !['', 'PWD', '_', 'SHLVL', 'OLDPWD'].includes(name)),
    ['HOME', 'LC_ALL', 'PATH', 'TMPDIR'],
  );
  t.is(facts, '/ 0022 1');
  t.is(tried.user, 'root');
  t.false(document.lent);
});

test('the main script comes first, then all executables of the folder in byte order, dot-files too', async t => {
  const { folder, script, json, run } = await setUpTry(t);
  for (const path of [
    'qemu',
    'qemu.d/10-b',
    'qemu.d/9-a',
    'qemu.d/.hidden',
    'qemu.d/README.rpmsave',
    'network',
  ]) {
    await script(`hooks/${path}`, sh('exit 0'));
  }
  await script('hooks/qemu.d/20-off', sh('exit 1'), 0o644);
  const { tried, document } = await json('hooks', '--driver', 'qemu', '--op', 'start');
  t.deepEqual(
    tried.scripts.map(one => one.name),
    ['qemu', '.hidden', '10-b', '9-a', 'README.rpmsave'],
  );
  t.deepEqual(document.passedOver, [{ name: '20-off', why: 'it has no x bit' }]);
  await chmod(join(folder, 'hooks/network'), 0o644);
  const alone = await run('hooks/network', '--driver', 'network', '--op', 'start');
  t.is(alone.exitCode, 2);
  t.regex(alone.stderr, /libvirt would run nothing here/);
});

test('all scripts run after a failure, the last message is the one shown, and the operation says what comes of it', async t => {
  const { script, json } = await setUpTry(t);
  for (const [name, end] of [
    ['10-a', 'exit 1'],
    ['20-b', 'kill -KILL $$'],
    ['30-c', 'exit 0'],
  ]) {
    await script(`qemu.d/${name}`, sh(`${end}`));
  }
  const prepare = await json('qemu.d', '--driver', 'qemu', '--op', 'prepare');
  t.is(prepare.exitCode, 1);
  t.true(prepare.tried.scripts.every(one => one.ran !== null));
  t.deepEqual(
    prepare.tried.scripts.map(one => one.failed),
    [true, true, false],
  );
  t.is(prepare.tried.verdict, 'The start is aborted; stopped and release are still called.');
  t.true(prepare.tried.notes.some(note => note.includes('stderr of 20-b')));
  const reconnect = await json('qemu.d', '--driver', 'qemu', '--op', 'reconnect');
  t.regex(reconnect.tried.verdict, /RUNNING DOMAIN IS KILLED/);
  const stopped = await json('qemu.d', '--driver', 'qemu', '--op', 'stopped');
  t.is(stopped.exitCode, 0);
  t.regex(stopped.tried.verdict, /^libvirt would go on: a failure is logged/);
});

test('what migrate and restore print is the stdin of the next script and the new XML', async t => {
  const { script, json } = await setUpTry(t);
  await script('qemu.d/10-change', sh('sed s/1048576/2097152/'));
  await script('qemu.d/20-silent', sh('grep -c 2097152 >&2; echo'));
  await script('qemu.d/30-again', sh('sed s/sample/other/'));
  const { tried, exitCode } = await json('qemu.d', '--driver', 'qemu', '--op', 'migrate');
  t.is(exitCode, 0);
  t.deepEqual(
    tried.scripts.map(one => one.changed),
    [true, false, true],
  );
  t.is(tried.scripts[1]?.ran?.stderr, '2\n');
  const plus = tried.change?.diff.filter(({ mark }) => mark === '+').map(({ text }) => text.trim()) ?? [];
  t.true(plus.includes('<name>other</name>'));
  t.true(plus.includes('<memory unit="KiB">2097152</memory>'));
  t.true(tried.notes.some(note => note.includes('tainted')));
});

test('after a failure the scripts of migrate get the XML as it was', async t => {
  const { script, json } = await setUpTry(t);
  await script('qemu.d/10-change', sh('sed s/1048576/2097152/'));
  await script('qemu.d/20-fails', sh('exit 1'));
  await script('qemu.d/30-reads', sh('grep -c 2097152 >&2; exit 0'));
  const { tried, exitCode } = await json('qemu.d', '--driver', 'qemu', '--op', 'migrate');
  t.is(exitCode, 1);
  t.is(tried.scripts[2]?.ran?.stderr, '0\n');
});

test('a stray line on stdout makes migrate fail, and is told for the others', async t => {
  const { script, json } = await setUpTry(t);
  await script('10-chatty', sh('echo hello'));
  const migrate = await json('10-chatty', '--driver', 'qemu', '--op', 'migrate');
  t.is(migrate.exitCode, 1);
  t.regex(
    migrate.tried.verdict,
    /^What was printed is no well-formed XML \(line 1: text outside .*\): the incoming migration is cancelled/,
  );
  const start = await json('10-chatty', '--driver', 'qemu', '--op', 'start');
  t.is(start.exitCode, 0);
  t.deepEqual(start.tried.scripts[0]?.notes, ['It prints to stdout, and libvirt throws that away.']);
});

test('every operation of a driver is tried, one after the other', async t => {
  const { script, run, json } = await setUpTry(t);
  await script('10-x', sh('case $2 in', '  started) exit 1 ;;', '  *) exit 0 ;;', 'esac'));
  const { document, exitCode } = await json('10-x', '--driver', 'qemu', '--op', 'all');
  t.is(exitCode, 1);
  t.deepEqual(
    document.tries.map(one => [one.title, one.goesOn]),
    ['prepare', 'start', 'started', 'stopped', 'release', 'migrate', 'restore', 'reconnect'].map(name => [
      `qemu ${name}`,
      name !== 'started',
    ]),
  );
  const dead = await run('10-x', '--driver', 'qemu', '--op', 'stop');
  t.is(dead.exitCode, 0);
  t.regex(dead.stdout, /No libvirt of today calls this operation\. It was proposed/);
});

test('each kind of stdin is that of the operation', async t => {
  const { script, json } = await setUpTry(t);
  await script('10-x', sh('echo "$1 $(cat | tr -d "\\n ")" >&2'));
  const stdin = async (driver: string, op: string) =>
    (await json('10-x', '--driver', driver, '--op', op)).tried.scripts[0]?.ran?.stderr ?? '';
  t.regex(await stdin('qemu', 'migrate'), /^sample <domain.*passwd=/);
  t.notRegex(await stdin('qemu', 'start'), /passwd=/);
  t.regex(await stdin('network', 'start'), /^sample <hookData><network>.*<\/network><\/hookData>$/m);
  t.regex(await stdin('network', 'port-created'), /<\/network><networkport>/);
  t.is(await stdin('daemon', 'reload'), '- \n');
});

test('libvirt has no shell as a fallback, and a missing interpreter is 127', async t => {
  const { script, json } = await setUpTry(t);
  const status = async (text: string) => {
    await script('10-x', text);
    return (await json('10-x', '--driver', 'qemu', '--op', 'start')).tried.scripts[0]?.ran?.status;
  };
  t.is(await status('exit 0\n'), 126);
  t.is(await status(''), 126);
  t.is(await status('\ufeff#!/bin/sh\n'), 126);
  t.is(await status('#!/no/such\n'), 127);
  t.is(await status('#!/bin/sh\r\n'), 127);
  t.is(await status('#!/bin/sh\n'), 0);
});

test('a child that holds stdout is found: the domain would stay locked', async t => {
  const { script, json } = await setUpTry(t);
  await script('10-x', sh('sleep 600 &', 'exit 0'));
  const { tried, exitCode } = await json('10-x', '--driver', 'qemu', '--op', 'stopped', '--timeout', '1');
  t.is(exitCode, 1);
  t.is(tried.scripts[0]?.ran?.ending, 'held');
  t.is(tried.verdict, 'libvirt would wait for 10-x for ever, with the domain locked.');
});

test('a hook need not read its stdin, however long it is', async t => {
  const { script, write, json } = await setUpTry(t);
  await script('10-x', sh('exec <&-', 'exit 0'));
  await write('long.xml', `<domain><name>big</name>${'<x/>'.repeat(300_000)}</domain>`);
  const { tried, exitCode } = await json('10-x', '--driver', 'qemu', '--op', 'start', '--domxml', 'long.xml');
  t.is(exitCode, 0);
  t.regex(tried.given, /^big start begin -; on stdin long\.xml$/);
});
