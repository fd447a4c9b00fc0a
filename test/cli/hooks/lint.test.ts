import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { setUp } from '../program.ts';

const GOOD = '#!/bin/sh\nexit 0\n';

test('hooks lint ends with 0, with 1 for an error and, if strict, a warning, and with 2 for a missing path', async t => {
  const { folder, write, run } = await setUp(t);
  await mkdir(join(folder, 'audit/before_vm_start'), { recursive: true });
  const script = async (text: string) => {
    await write('audit/before_vm_start/50_audit', text);
    await chmod(join(folder, 'audit/before_vm_start/50_audit'), 0o755);
  };
  await script(GOOD);
  const clean = await run('hooks', 'lint', 'audit');
  t.like(clean, { exitCode: 0, stderr: '' });
  t.regex(clean.stdout, /^1 script: nothing to tell/);
  await script('#!/bin/sh\nset -e\nexit 0\n');
  const warned = await run('hooks', 'lint', 'audit');
  t.is(warned.exitCode, 0);
  t.regex(warned.stdout, /^audit\/before_vm_start\/50_audit:2: warning set-e: /);
  t.is((await run('hooks', 'lint', '--strict', 'audit')).exitCode, 1);
  await script('#!/usr/bin/python2\n');
  t.is((await run('hooks', 'lint', 'audit')).exitCode, 1);
  const missing = await run('hooks', 'lint', 'audit', 'none');
  t.like(missing, { exitCode: 2, stdout: '' });
  t.regex(missing.stderr, /^none does not exist/);
  const driver = await run('hooks', 'lint', '--driver', 'qmeu', 'audit');
  t.is(driver.exitCode, 2);
  t.regex(driver.stderr, /Did you mean "qemu"\?/);
});

test('hooks lint --json names each finding with id, severity, path, line, message, hint and docs', async t => {
  const { folder, write, run } = await setUp(t);
  await write('guard', '#!/bin/sh\nvirsh list >&2\nexit 0\n');
  await chmod(join(folder, 'guard'), 0o755);
  const { stdout, exitCode } = await run('hooks', 'lint', '--json', '--driver', 'qemu', 'guard');
  t.is(exitCode, 1);
  const { findings, ...rest } = JSON.parse(stdout);
  t.like(rest, { command: 'hooks lint', exitCode: 1, scripts: 1 });
  t.is(findings.length, 1);
  t.deepEqual(Object.keys(findings[0]), ['id', 'severity', 'path', 'line', 'message', 'hint', 'docs']);
  t.like(findings[0], {
    ...{ id: 'libvirt-call', severity: 'error', path: 'guard', line: 2, docs: 'docs/lint.md#libvirt-call' },
  });
});
