import test from 'ava';
import { startAnsible } from './ansible.ts';
import { askBoth, type Case, isRefused } from './compare.ts';

const ansible = startAnsible();
test.after.always(() => ansible.stop());

const ini = (text: string): Case => ({ files: { hosts: text } });
const yaml = (text: string): Case => ({ files: { 'hosts.yml': text }, inventories: ['hosts.yml'] });
const vars = (text: string): Case => ({ files: { hosts: 'h\n', 'group_vars/all.yml': text } });

/** Where Ansible breaks off, or warns and goes on with less: what hookfleet tells, all of it. */
const REFUSED: Readonly<Record<string, readonly [Case, readonly RegExp[]]>> = {
  'a bad section': [ini('[web db]\nh\n'), [/^hosts:1: Not a section header.*\n.*no spaces/]],
  'an open section': [ini('[web\nh [x]\n'), [/^hosts:1: Not a section header/]],
  'an unknown modifier': [
    ini('[web:varz]\na=1\n[web]\n'),
    [/^hosts:1: Unknown section type "varz".*\n.*web:vars/],
  ],
  'an undefined child': [ini('[a:children]\nb\n'), [/^hosts:2: Group "b", a child of "a", is not defined/]],
  'variables of an undefined group': [
    ini('[a:vars]\nb=1\n'),
    [/^hosts:1: \[a:vars\] is for a group that is not defined/],
  ],
  'a cycle': [ini('[a:children]\nb\n[b:children]\na\n'), [/^hosts:4: Groups contain each other: a > b > a/]],
  'a group in itself': [ini('[a:children]\na\n'), [/^hosts:2: Groups contain each other: a > a/]],
  'an open quote': [ini('h a="x\n'), [/^hosts:1: The quote " in column 5 is not closed/]],
  'a range without an end': [ini('h[3:]\n'), [/^hosts:1: Malformed range/]],
  'a range of unequal ends': [ini('h[01:100]\n'), [/^hosts:1: Malformed range/]],
  'a word that is no variable': [ini('h become\n'), [/^hosts:1: "become" is not name=value/]],
  'a line that is no variable': [ini('[a]\n[a:vars]\nfoo\n'), [/^hosts:3: Not a variable: "foo"/]],
  'a colon without a port': [ini('a\nh:\n'), [/^hosts:2: The port is missing/]],
  'a bad priority': [
    ini('[a]\n[a:vars]\nansible_group_priority=high\n'),
    [/^hosts:3: Bad ansible_group_priority/],
  ],
  'a set': [ini('h x={1}\n'), [/^hosts:1: x holds a set, which JSON cannot/]],
  'a complex number': [
    ini('h x=2j y=[1j] z=1+2j\n'),
    [/^hosts:1: x holds a complex/, /^hosts:1: y holds a complex/, /^hosts:1: z holds a complex/],
  ],
  'an ellipsis': [ini('h x=...\n'), [/^hosts:1: x holds an ellipsis/]],
  'bytes in a list': [ini(`[w]\nh\n[w:vars]\nx=[b'a']\n`), [/^hosts:4: x holds bytes/]],
  'several mistakes': [
    ini('[web\nh1\n[db]\nh[9:1]\nh2 "\n[db:vars]\nx\n'),
    [/^hosts:1: /, /^hosts:4: /, /^hosts:5: /, /^hosts:7: /],
  ],
  'YAML of a list': [yaml('- web\n'), [/^hosts\.yml:1:1: A YAML inventory is a mapping/]],
  'hosts in a YAML list': [
    yaml('web:\n  hosts:\n  - h1\n'),
    [/^hosts\.yml:3:3: "hosts" of the group "web" must be a mapping/],
  ],
  'an unknown key in YAML': [
    yaml('web:\n  host: {h1: }\n'),
    [/^hosts\.yml:2:3: .*unknown key "host"\n {2}Did you mean "hosts"\?/],
  ],
  'a group in YAML that is none': [yaml('web: h1\n'), [/^hosts\.yml:1:6: "web" is no group/]],
  'a host in YAML that is a number': [
    yaml('web:\n  hosts:\n    1:\n'),
    [/^hosts\.yml:3:5: The name of a host must be text/],
  ],
  'a cycle in YAML': [
    yaml('a: {children: {b: }}\nb: {children: {a: }}\n'),
    [/^hosts\.yml:2:16: Groups contain each other/],
  ],
  'broken YAML': [yaml('web:\n  hosts: {\n'), [/^hosts\.yml:\d+:\d+: Broken YAML/]],
  'a tab in YAML': [yaml('web:\n\thosts:\n'), [/^hosts\.yml:2:\d: Broken YAML/]],
  'two YAML documents': [yaml('web:\n---\ndb:\n'), [/^hosts\.yml:2:\d: A second YAML document/]],
  'an unknown tag': [yaml('web: {vars: {a: !custom x}}\n'), [/^hosts\.yml:1:.*!custom/]],
  'a plugin': [
    yaml('plugin: amazon.aws.aws_ec2\n'),
    [/^hosts\.yml:1:1: .*inventory plugin amazon\.aws\.aws_ec2/],
  ],
  'variables in a list': [vars('- a\n'), [/^group_vars\/all\.yml:1:1: A file of variables is a mapping/]],
  'variables in broken YAML': [vars('a: [\n'), [/^group_vars\/all\.yml:\d:\d: Broken YAML/]],
  'variables with a set': [vars('a: !!set {x, y}\n'), [/^group_vars\/all\.yml:1:1: a holds a set/]],
  'variables with bytes': [vars('a: !!binary aGk=\n'), [/^group_vars\/all\.yml:1:1: a holds bytes/]],
  'a day that there is not': [
    vars('a: 2023-02-30\n'),
    [/^group_vars\/all\.yml:1:4: "2023-02-30" looks like a date/],
  ],
  'a value that contains itself': [
    vars('a: &x [*x]\n'),
    [/^group_vars\/all\.yml:1:8: The value contains itself/],
  ],
  'no such file': [{ files: {}, inventories: ['nosuch'] }, [/^nosuch: There is no such inventory/]],
  'a program that fails': [
    { files: { hosts: '#!/bin/sh\nexit 1\n' } },
    [/^hosts: The inventory program failed with exit code 1/],
  ],
  'a program without JSON': [
    { files: { hosts: '#!/bin/sh\necho hello\n' } },
    [/^hosts --list:1:1: Broken JSON/],
  ],
  'an encrypted inventory': [
    ini('$ANSIBLE_VAULT;1.1;AES256\n6162\n'),
    [/^hosts: The inventory is encrypted with ansible-vault\n.*--vault-password-file/],
  ],
};

test('a reversed range is refused, where Ansible goes on without these hosts and without a word', async t => {
  const answers = await askBoth(t, ansible, ini('a\nh[3:1]\n'));
  t.true('problems' in answers && !isRefused(answers.ansible) && !/h\d/.test(answers.ansible.stdout));
  t.deepEqual('problems' in answers && answers.problems, [
    'hosts:2: The range [3:1] is reversed\n  Write [1:3]',
  ]);
});

for (const [title, [one, told]] of Object.entries(REFUSED)) {
  test(`is refused with place and way out, where Ansible warns or breaks off: ${title}`, async t => {
    const answers = await askBoth(t, ansible, one);
    if (!('problems' in answers)) {
      t.fail('hookfleet does not refuse it');
      return;
    }
    t.is(answers.problems.length, told.length, answers.problems.join('\n'));
    for (const [i, pattern] of told.entries()) {
      t.regex(answers.problems[i] ?? '', pattern);
    }
    t.true(
      isRefused(answers.ansible),
      `Ansible takes it:\n${answers.ansible.stdout}${answers.ansible.stderr}`,
    );
  });
}
