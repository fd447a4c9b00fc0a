import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { findProgram, plainEnvironment, startAnsible } from './ansible.ts';
import { FILE_CASES } from './cases-files.ts';
import { argumentsOf, type Case, writeCase } from './compare.ts';

const BIN = fileURLToPath(new URL('../../bin/hookfleet.js', import.meta.url));

const one: Case = FILE_CASES['variables beside the playbook'] ?? { files: {} };

/** The comparison of many inventories asks Ansible's code in one process, and calls hookfleet's functions. */
test('both programs, called as users call them, print what the comparison compares', async t => {
  const ansible = startAnsible();
  t.teardown(() => ansible.stop());
  const { argv } = argumentsOf(writeCase(t, one), one);
  const { env } = plainEnvironment();
  const options = { env, extendEnv: false, reject: false, stripFinalNewline: false } as const;
  for (const action of [['--list'], ['--graph'], ['--graph', 'site'], ['--host', 'w1']]) {
    const inProcess = await ansible.ask(['ansible-inventory', ...argv, ...action]);
    const real = await execa(findProgram('ansible-inventory') ?? '', [...argv, ...action], options);
    const ours = await execa(process.execPath, [BIN, 'inventory', ...argv, ...action], options);
    t.is(real.exitCode, 0, real.stderr);
    t.is(real.stdout, inProcess.stdout);
    t.is(ours.exitCode, 0, ours.stderr);
    t.is(ours.stdout, real.stdout, action.join(' '));
  }
});

test('an executable inventory that is text is read as text by both', async t => {
  const ansible = startAnsible();
  t.teardown(() => ansible.stop());
  const text: Case = { files: { hosts: '[web]\nw1\n' } };
  const folder = writeCase(t, text);
  chmodSync(join(folder, 'hosts'), 0o755);
  const argv = ['-i', join(folder, 'hosts'), '--list'];
  const ours = await execa(process.execPath, [BIN, 'inventory', ...argv], { stripFinalNewline: false });
  t.is(ours.stdout, (await ansible.ask(['ansible-inventory', ...argv])).stdout);
});
