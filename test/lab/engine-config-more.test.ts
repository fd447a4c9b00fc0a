import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { execa } from 'execa';
import { JAVA_LINE, makeStore, PROGRAM, run, start } from './engine-config-run.ts';
import { freshRows, LEVELS, readCalls, readStore } from './engine-store.ts';

test('a row that was written moves behind all others, in the listing and in the menu', async t => {
  const store = await makeStore(t, freshRows());
  await run(store, ['-s', 'UserDefinedVMProperties=a=1', '--cver=4.3']);
  await run(store, ['-s', 'UserDefinedVMProperties=a=1', '--cver=4.2']);
  const order = ['4.4', '4.5', '4.6', '4.7', '4.8', '4.3', '4.2'];
  const listed = await run(store, ['-g', 'UserDefinedVMProperties']);
  t.deepEqual(
    [...listed.stdout.matchAll(/version: (.*)$/gm)].map(match => match[1]),
    order,
  );
  const asked = await run(store, ['-s', 'UserDefinedVMProperties=b=2'], { stdin: '7\n' });
  t.deepEqual(
    [...asked.stdout.matchAll(/^\d\. (.*)$/gm)].map(match => match[1]),
    order,
  );
  t.is((await readStore(store))['UserDefinedVMProperties@4.2'], 'b=2');
});

test('the endless menu goes on when its reader has gone', async t => {
  const store = await makeStore(t, freshRows());
  const child = start(store, ['-s', 'UserDefinedVMProperties=a=b']);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await sleep(500);
  t.is(child.exitCode, null);
  child.kill('SIGTERM');
  t.is((await once(child, 'exit'))[0], 143);
});

for (const word of ['-h', '-help', '--help']) {
  test(`${word} anywhere shows the usage, sets nothing and starts no Java`, async t => {
    const store = await makeStore(t, freshRows());
    const { exitCode, stdout, stderr } = await run(store, [
      '-s',
      'UserDefinedVMProperties=a=1',
      '--cver=4.7',
      word,
    ]);
    t.deepEqual([exitCode, stdout.split('\n')[0], stderr], [0, 'Usage: engine-config <action> [<args>]', '']);
    t.deepEqual(await readStore(store), freshRows());
  });
}

test('a missing file after -c ends the launcher, with the only message on stderr', async t => {
  const store = await makeStore(t, freshRows());
  const argv = ['-s', 'UserDefinedVMProperties=a=1', '--cver=4.7', '-c', '/nonexistent'];
  const { exitCode, stdout, stderr } = await run(store, argv);
  t.deepEqual(
    [exitCode, stdout, stderr],
    [1, '', "FATAL: Configuration file '/nonexistent' is either empty or does not exist\n"],
  );
});

for (const option of ['--log-file=/tmp/x', '--log-level=FINE']) {
  test(`${option} makes every call fail`, async t => {
    const store = await makeStore(t, freshRows());
    const { exitCode, stdout } = await run(store, [
      '-s',
      'UserDefinedVMProperties=a=1',
      '--cver=4.7',
      option,
    ]);
    t.deepEqual([exitCode, stdout], [1, 'org/ovirt/engine/core/logutils/JavaLoggingUtils\n']);
    t.deepEqual(await readStore(store), freshRows());
  });
}

const properties = (count: number) => Array.from({ length: count }, (_, i) => `p${i}=x`).join(';');

for (const [what, value] of [
  ['4001 characters', `a=${'x'.repeat(3999)}`],
  ['a name of 3990 characters', `${'n'.repeat(3990)}=x`],
  ['400 properties', properties(400)],
] as const) {
  test(`a value with ${what} is stored as it is`, async t => {
    const store = await makeStore(t, freshRows());
    for (const [key, full] of [
      ['UserDefinedVMProperties', value],
      ['CustomDeviceProperties', `{type=interface;prop={${value}}}`],
    ] as const) {
      const { exitCode, stdout } = await run(store, ['-s', `${key}=${full}`, '--cver=4.7']);
      t.deepEqual([exitCode, stdout], [0, '']);
      t.is((await readStore(store))[`${key}@4.7`], full);
    }
  });
}

test('600 properties overflow the stack of the validation, which is told as null', async t => {
  const store = await makeStore(t, freshRows());
  const argv = ['-s', `UserDefinedVMProperties=${properties(600)}`, '--cver=4.7'];
  const { exitCode, stdout } = await run(store, argv);
  t.deepEqual([exitCode, stdout], [1, 'null\n']);
});

test('bytes that are not UTF-8 are stored as the replacement character', async t => {
  const store = await makeStore(t, freshRows());
  const shell = 'exec "$0" -s "UserDefinedVMProperties=a=^$(printf "\\377")$" --cver=4.7';
  await execa('sh', ['-c', shell, PROGRAM], { env: { ENGINE_CONFIG_STORE: store, LC_ALL: 'C.UTF-8' } });
  t.is((await readStore(store))['UserDefinedVMProperties@4.7'], 'a=^\ufffd$');
});

const CONNECTION =
  'Connection to the Database failed. Please check that the hostname and port number are correct and that the Database service is up and running.\n';

for (const argv of [
  ['-g', 'UserDefinedVMProperties'],
  ['-s', 'UserDefinedVMProperties=a=1', '--cver=4.7'],
  ['-l'],
]) {
  test(`without the file with the database password, ${argv[0]} tells of a failed connection`, async t => {
    const store = await makeStore(t, freshRows());
    await rm(join(store, 'database.conf'));
    const { exitCode, stdout, stderr } = await run(store, argv);
    t.deepEqual([exitCode, stdout, stderr], [1, CONNECTION, JAVA_LINE]);
  });
}

for (const [argv, exit, expected] of [
  [['-g', 'UserDefinedVMProperties'], 1, 'ERROR: relation "vdc_options" does not exist\n  Position: 15\n'],
  [
    ['-g', 'UserDefinedVMProperties', '--cver=4.7'],
    1,
    "Error fetching UserDefinedVMProperties value: no such entry with version '4.7'.\n",
  ],
  [
    ['-s', 'UserDefinedVMProperties=a=1', '--cver=4.7'],
    1,
    'Error setting UserDefinedVMProperties\'s value. ERROR: relation "vdc_options" does not exist\n  Position: 8\n',
  ],
  [['-a'], 0, ''],
  [['--diff'], 0, ''],
] as const) {
  test(`without the table, ${argv.join(' ')} ends with ${exit}`, async t => {
    const store = await makeStore(t, freshRows());
    await rm(join(store, 'rows'), { recursive: true });
    const { exitCode, stdout } = await run(store, argv);
    t.deepEqual([exitCode, stdout], [exit, expected]);
  });
}

for (const [value, problem] of [
  ['mtu=^[0-9]+$', undefined],
  ['a=^x$;b=^y$;', undefined],
  [';', undefined],
  ['', ' cannot be used for custom properties definition.'],
  ['a=', 'a= cannot be used for custom properties definition.'],
  ['a=x=y', 'a=x=y cannot be used for custom properties definition.'],
  ['a=(x', '(x must be a valid regex expression'],
] as const) {
  test(`network properties '${value}' are ${problem === undefined ? 'stored' : 'refused'}`, async t => {
    const store = await makeStore(t, freshRows());
    const argv = ['-s', `UserDefinedNetworkCustomProperties=${value}`, '--cver=4.7'];
    const { exitCode, stdout } = await run(store, argv);
    t.is(exitCode, problem === undefined ? 0 : 1);
    t.is(
      stdout.split('\n')[0],
      problem === undefined
        ? ''
        : `Cannot set value ${value} to key UserDefinedNetworkCustomProperties. The entered value is in imporper format. ${problem}`,
    );
    t.is(
      (await readStore(store))['UserDefinedNetworkCustomProperties@4.7'],
      problem === undefined ? value : '',
    );
  });
}

test('two writers of one row both succeed and the later one wins; other rows are not disturbed', async t => {
  const store = await makeStore(t, freshRows(), { delay_ms: 50 });
  const calls = ['first@4.7', 'second@4.7', 'third@4.6', 'fourth@4.8'].map(what => {
    const [name, level] = what.split('@');
    return run(store, ['-s', `UserDefinedVMProperties=${name}=x`, `--cver=${level}`]);
  });
  t.deepEqual(
    (await Promise.all(calls)).map(call => call.exitCode),
    [0, 0, 0, 0],
  );
  const rows = await readStore(store);
  t.regex(rows['UserDefinedVMProperties@4.7'] ?? '', /^(first|second)=x$/);
  t.is(rows['UserDefinedVMProperties@4.6'], 'third=x');
  t.is(rows['UserDefinedVMProperties@4.8'], 'fourth=x');
  const { stdout } = await run(store, ['-g', 'UserDefinedVMProperties']);
  t.is(stdout.split('\n').length, LEVELS.length + 1);
});

test('a call takes the time that is set, and is noted with its arguments', async t => {
  const store = await makeStore(t, freshRows(), { delay_ms: 400 });
  const started = performance.now();
  await run(store, ['-s', 'UserDefinedVMProperties=a=\t\\\n', '--cver=4.7']);
  t.true(performance.now() - started >= 400);
  await run(store, ['-g', 'UserDefinedVMProperties']);
  t.deepEqual(await readCalls(store), [
    ['-s', 'UserDefinedVMProperties=a=\t\\\n', '--cver=4.7'],
    ['-g', 'UserDefinedVMProperties'],
  ]);
});
