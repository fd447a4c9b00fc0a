/**
 * `npm run test:ansible [-- AVA_ARGUMENTS]`: the tests that compare with Debian's own Ansible. Where it is not installed
 * it says so, loudly, and ends well - unless HOOKFLEET_LAB=require, as in CI.
 */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { findProgram } from './ansible.ts';

const PROGRAMS = ['ansible', 'ansible-inventory', 'ansible-vault'];
const root = fileURLToPath(new URL('../../', import.meta.url));

const missing = PROGRAMS.filter(program => findProgram(program) === undefined);
if (missing.length === 0) {
  const ava = fileURLToPath(new URL('../../node_modules/ava/entrypoints/cli.mjs', import.meta.url));
  const { exitCode } = await execa(
    process.execPath,
    [ava, '--config', 'ava.differential.config.js', ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit', reject: false },
  );
  process.exitCode = exitCode ?? 1;
} else {
  const required = process.env.HOOKFLEET_LAB === 'require';
  process.stderr.write(notice(required));
  process.exitCode = required ? 1 : 0;
}

function notice(required: boolean): string {
  const bar = '*'.repeat(100);
  return [
    '',
    bar,
    `THE COMPARISON WITH ANSIBLE ${required ? 'CANNOT RUN' : 'IS LEFT OUT'}: test/differential`,
    '',
    'Nothing was tested of: inventories and patterns as Ansible reads them, ansible-vault.',
    `Missing here: ${missing.join(', ')} (apt-get install ansible-core)`,
    ...(required ? ['HOOKFLEET_LAB=require says that it must run, so this is a failure.'] : []),
    bar,
    '',
    '',
  ].join('\n');
}
