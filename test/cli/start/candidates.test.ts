import test from 'ava';
import { buildProgram } from '../../../src/cli/program.ts';
import { candidates } from '../../../src/cli/start/candidates.ts';
import { readTyped } from '../../../src/cli/start/typed-words.ts';

const NAMES = ['all', 'hypervisors', 'kvm-01', 'kvm-02', '$(reboot)'];

async function offered(...words: readonly string[]) {
  const asked: (readonly string[])[] = [];
  const found = await candidates(
    readTyped(
      buildProgram(() => {}),
      words,
    ),
    async inventories => {
      asked.push(inventories);
      return NAMES;
    },
  );
  return { found, asked };
}

const CASES: Readonly<
  Record<string, readonly [words: readonly string[], found: readonly string[] | 'files']>
> = {
  'a command': [['che'], ['check']],
  'a command below another': [['hooks', 'sho'], ['show']],
  'an option': [['check', '--order', 'sorted', '--ord'], ['--order']],
  'an option that every command has': [['check', '--conf'], ['--config']],
  'the values of an option': [
    ['check', '--order', 's'],
    ['shuffle', 'sorted'],
  ],
  'the file of an option': [['check', '--html', ''], 'files'],
  'the playbook, before and behind options': [['check', '-i', 'hosts.ini', ''], 'files'],
  'hosts and groups of a limit': [
    ['check', '-l', 'k'],
    ['kvm-01', 'kvm-02'],
  ],
  'the last part of a pattern': [
    ['check', '-l', 'all:!kvm-01:!kvm-'],
    ['all:!kvm-01:!kvm-01', 'all:!kvm-01:!kvm-02'],
  ],
  'a host': [['inventory', '--explain', 'kvm-02'], ['kvm-02']],
  'a hook': [['install', 'diskun'], ['diskunmap']],
  'a further hook': [['install', 'diskunmap', 'qemucm'], ['qemucmdline', 'qemucmdline_ovn'].slice(0, 1)],
  'the hook of a page': [['hooks', 'show', 'diskun'], ['diskunmap']],
  'an event': [['hooks', 'events', 'before_vm_sta'], ['before_vm_start']],
  'a shell': [
    ['completion', ''],
    ['bash', 'zsh'],
  ],
  'nothing behind a number': [['check', '-f', ''], []],
  'nothing behind the last argument': [['hooks', 'show', 'diskunmap', ''], []],
};

for (const [what, [words, found]] of Object.entries(CASES)) {
  test(`Tab offers ${what}`, async t => {
    t.deepEqual((await offered(...words)).found, found);
  });
}

test('a name that a shell would read something into is not offered', async t => {
  const { found } = await offered('check', '-l', '');
  t.deepEqual(found, ['all', 'hypervisors', 'kvm-01', 'kvm-02']);
});

test('the inventories are those that were typed before, and are read only where a host may stand', async t => {
  t.deepEqual((await offered('check', '-i', 'a.ini', '--inventory', 'b.ini', '-l', '')).asked, [
    ['a.ini', 'b.ini'],
  ]);
  t.deepEqual((await offered('check', '-i', 'a.ini', '--lim')).asked, []);
});

test('the command that the shells call is not offered itself', async t => {
  t.false((await offered('')).found.includes('complete'));
});
