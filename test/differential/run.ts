/** `npm run test:ansible [-- AVA_ARGUMENTS]`: the tests that compare with Debian's own Ansible. */
import { runSuite } from '../run-suite.ts';
import { findProgram } from './ansible.ts';

await runSuite({
  config: 'ava.differential.config.js',
  folder: 'test/differential',
  name: 'THE COMPARISONS WITH ANSIBLE',
  untested: 'inventories and patterns as Ansible reads them, ansible-vault',
  missing: ['ansible', 'ansible-inventory', 'ansible-vault']
    .filter(program => findProgram(program) === undefined)
    .map(program => `${program}: apt-get install ansible-core`),
});
