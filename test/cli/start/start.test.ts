import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { playbookJsonSchema } from '../../../src/playbook/json-schema.ts';
import { setUp } from '../program.ts';

const FILES = ['hooks.yml', 'hookfleet.cfg', 'hosts.ini', 'playbook.schema.json'];

test('init writes files that the program itself reads without a word, and says what comes next', async t => {
  const { folder, run } = await setUp(t);
  const { stdout, stderr, exitCode } = await run('init', 'fleet');
  t.is(exitCode, 0, stderr);
  t.deepEqual(stdout.split('\n').toSorted(), FILES.map(name => join('fleet', name)).toSorted());
  t.true(stderr.includes('cd fleet') && stderr.includes('hookfleet check hooks.yml'));
  const graph = await run('inventory', '-i', 'fleet/hosts.ini', '--graph');
  t.is(graph.exitCode, 0);
  t.is(graph.stderr, '');
  t.true(graph.stdout.includes('hv-03.example.org') && graph.stdout.includes('@engine'));
  const probe = await run('check', 'fleet/hooks.yml', '--config', 'fleet/hookfleet.cfg', '--print-probe');
  t.is(probe.exitCode, 0, probe.stderr);
  t.true(probe.stdout.includes('diskunmap'));
  const schema: unknown = JSON.parse(await readFile(join(folder, 'fleet/playbook.schema.json'), 'utf8'));
  t.deepEqual(schema, JSON.parse(JSON.stringify(playbookJsonSchema())));
  t.is(parse(await readFile(join(folder, 'fleet/hooks.yml'), 'utf8')).length, 2);
});

test('init replaces nothing: where a file is there already, it says so and writes none', async t => {
  const { folder, run } = await setUp(t);
  const { stdout, stderr, exitCode } = await run('init');
  t.is(exitCode, 2);
  t.is(stdout, '');
  t.regex(stderr, /^hosts\.ini: is there already, and nothing was written\n {2}Give another folder/);
  t.deepEqual((await readdir(folder)).toSorted(), ['hosts.ini', 'site.yml']);
  t.is((await stat(join(folder, 'hosts.ini'))).isFile(), true);
});

test('init where a file stands in the place of the folder is an error of one line', async t => {
  const { run } = await setUp(t);
  const { stderr, exitCode } = await run('init', 'hosts.ini');
  t.is(exitCode, 2);
  t.regex(stderr, /^hosts\.ini: nothing can be written there: EEXIST/);
});

test('schema prints the schema that the docs name, and completion a script for each shell', async t => {
  const { run } = await setUp(t);
  t.is(JSON.parse((await run('schema')).stdout).title, 'hookfleet playbook');
  t.regex((await run('completion', 'bash')).stdout, /complete -F _hookfleet hookfleet/);
  t.regex((await run('completion', 'zsh')).stdout, /^#compdef hookfleet\n/);
  const { exitCode, stderr } = await run('completion', 'fish');
  t.is(exitCode, 2);
  t.regex(stderr, /Allowed choices are bash, zsh/);
});

test('completion runs no program: an inventory that is one offers nothing', async t => {
  const { folder, write, run } = await setUp(t);
  await write('program', `#!/bin/sh\ntouch ${join(folder, 'was-run')}\necho '{}'\n`);
  await chmod(join(folder, 'program'), 0o755);
  const { stdout, exitCode } = await run(
    'complete',
    '--',
    'check',
    '-i',
    'program',
    '-i',
    'hosts.ini',
    '-l',
    '',
  );
  t.is(exitCode, 0);
  t.is(stdout, 'all\nhypervisors\nkvm-01\nungrouped');
  t.false((await readdir(folder)).includes('was-run'));
});
