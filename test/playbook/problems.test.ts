import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { parsePlaybook } from '../../src/playbook/playbook.ts';

/** Every problem of a playbook as `line:column message`, its hint after an arrow. */
function problemsOf(text: string): string[] {
  try {
    parsePlaybook(text, 'site.yml');
  } catch (error) {
    if (error instanceof InputError) {
      return error.problems.map(
        ({ place, message, hint }) =>
          `${place?.line}:${place?.column} ${message}${hint === undefined ? '' : ` -> ${hint}`}`,
      );
    }
    throw error;
  }
  return [];
}

/** A play around one key, so that the key stands in line 2, column 3. */
const play = (key: string) => `- hosts: a\n  ${key}\n`;
const hooks = (list: string) => play(`vdsm_hooks: ${list}`);
const engine = (mapping: string) => play(`engine_properties: ${mapping}`);
const vm = (mapping: string) => engine(`{ vm: ${mapping} }`);

const HOOK_HINT =
  'Give a name of the catalogue, a package whose name begins with vdsm-hook-, or a folder of your own (source).';
const ALLOCATE_NET =
  'Fails for every vNIC without the property equivnets: no VM with such a vNIC starts on a host that has it. -> Who wants allocate_net all the same writes `accept_risk: true` beside its name, or `--accept-risk allocate_net` behind `hookfleet install`.';
const ENGINES_HINT =
  'Defining it again would override the definition of the engine. It can be used as it is: leave it out here, or say `override_predefined: true`.';
const ENVIRONMENT_HINT =
  'VDSM puts properties into the environment of the hooks, where this name means something else. Choose another.';
const NAME_HINT =
  'A name has letters (A to Z, a to z), digits and underscores, and does not begin with a digit.';
const ORDER_HINT =
  'Plays run in the order written: first the hooks on the hosts, then the engine. Move this play to the end.';
const IDLE =
  'the play has nothing to do -> Give it repositories, packages, vdsm_hooks, libvirt_hooks, protected_domains, service or engine_properties; from_hooks needs a play with vdsm_hooks in this playbook.';
const EMPTY =
  '1:1 the playbook is empty -> A playbook is a list of plays, and a play begins with "- hosts: PATTERN".';

const CASES: readonly (readonly [title: string, text: string, problems: readonly string[]])[] = [
  ['an empty file', '', [EMPTY]],
  ['a file of comments', '# nothing yet\n', [EMPTY]],
  ['a list without plays', '[]', ['1:1 the playbook has no plays']],
  [
    'a mapping instead of a list',
    'hosts: a\n',
    ['1:1 expected a list of plays, each beginning with "- ", found a mapping'],
  ],
  [
    'text instead of a play',
    '- hosts a\n',
    ['1:3 expected a play: a mapping with hosts and what they shall have, found text "hosts a"'],
  ],
  ['a play without hosts', '- packages: [a]\n', ['1:3 hosts is missing: a host pattern such as hypervisors']],
  [
    'hosts left empty',
    '- hosts:\n  packages: [a]\n',
    ['1:3 hosts: expected a host pattern such as hypervisors, found nothing'],
  ],
  [
    'an unknown key',
    play('vdsm_hook: [diskunmap]'),
    ['2:3 unknown key "vdsm_hook" -> Did you mean "vdsm_hooks"?'],
  ],
  [
    'an unknown key that is like no other',
    play('tasks: []'),
    [
      '2:3 unknown key "tasks" -> Known here: name, hosts, become, serial, max_fail_percentage, max_failed, verify, verify_timeout, pause, confirm, skip_states, deep, repositories, enablerepo, disablerepo, packages, vdsm_hooks, libvirt_hooks, protected_domains, operators, unmanaged, service, engine_properties, host_deploy_tasks, engine_health_url, engine_health_timeout.',
    ],
  ],
  [
    'unknown keys further down',
    '- hosts: a\n  packages: [{ name: x, stat: absent }]\n  engine_properties: { form_hooks: true }\n  service: { name: x, enable: true, state: started }\n',
    [
      '2:25 unknown key "stat" -> Did you mean "state"?',
      '3:24 unknown key "form_hooks" -> Did you mean "from_hooks"?',
      '4:23 unknown key "enable" -> Did you mean "enabled"?',
    ],
  ],
  [
    'keys of a package that do not go together',
    hooks(
      '[{ name: diskunmap, version: 4.50, state: absent }, { name: own, source: hooks/a, rpm: a.rpm, enablerepo: x }, { name: a b, source: a }]',
    ),
    [
      '2:35 a version says which one shall be present, so it goes with no other state -> Leave out version or state.',
      '2:80 a hook comes from a folder of scripts or from an rpm file, not from both -> Leave out source or rpm.',
      '2:109 enablerepo is for packages, and this hook is a folder of scripts -> Leave out enablerepo.',
      '2:134 vdsm_hooks.name: "a b" cannot be the name of a hook -> Letters, digits and _ . + - make a name.',
    ],
  ],
  [
    'a password that is a number, which is not shown',
    play('repositories: [{ id: a, baseurl: x, password: 12345678 }]'),
    ['2:49 repositories.password: expected a password in quotes, { env: NAME } or { file: PATH }'],
  ],
  [
    'an expression that no argument could hold',
    engine(`{ vm: { tag: '${'x'.repeat(10_001)}' } }`),
    ['2:35 engine_properties.vm.tag: a regular expression of 10001 characters is longer than 10000'],
  ],
  [
    'a repository that stands twice, and one of the wrong kind',
    play('repositories: [{ id: a, baseurl: x }, { id: a, metalink: x, priority: high }]'),
    [
      '2:41 "a" stands twice in this play: line 2 names the same repository',
      '2:73 repositories.priority: expected a whole number, found text "high"',
    ],
  ],
  [
    'text instead of a list',
    hooks('diskunmap'),
    ['2:15 vdsm_hooks: expected a list of hook names, found text "diskunmap"'],
  ],
  [
    'values of other types',
    '- hosts: [a]\n  name: 4.10\n  become: maybe\n  max_fail_percentage: 10%\n  packages: [389]\n  vdsm_hooks: [[a], { state: absent }]\n  service: [5]\n',
    [
      '1:10 hosts: expected a host pattern such as hypervisors, found a list',
      '2:9 name: expected text that names the play, found the number 4.1',
      '3:11 become: expected true or false, found text "maybe"',
      '4:24 max_fail_percentage: expected a number from 0 to 100, found text "10%"',
      '5:14 packages: expected the name of a package, or { name, state, version … }, found the number 389',
      '6:16 vdsm_hooks: expected the name of a hook, or { name, state, version, source … }, found a list',
      '6:21 vdsm_hooks.name is missing: the name of a hook',
      '7:13 service: expected { name, state, enabled }, found the number 5',
    ],
  ],
  [
    'values out of range',
    '- hosts: a\n  packages: [-x, "a b", "", "ok*"]\n  max_fail_percentage: 101\n  engine_health_url: ftp://engine/health\n  engine_health_timeout: 0\n  service: { name: x, state: running }\n',
    [
      '2:14 packages: expected the name of a package, found text "-x"',
      '2:18 packages: expected the name of a package, found text "a b"',
      '2:25 packages: expected the name of a package, found empty text',
      '2:29 packages: expected the name of a package, found text "ok*"',
      '3:24 max_fail_percentage: expected a number from 0 to 100, found the number 101',
      '4:22 engine_health_url: expected a URL that begins with http:// or https://, found text "ftp://engine/health"',
      '5:26 engine_health_timeout: expected a whole number of seconds, from 1 to 86400, found the number 0',
      '6:30 service.state: expected started or stopped, found text "running"',
    ],
  ],
  [
    'a number beyond all bounds, once',
    `${play('packages: [a]')}  engine_health_timeout: 1e20\n`,
    [
      '3:26 engine_health_timeout: expected a whole number of seconds, from 1 to 86400, found the number 100000000000000000000',
    ],
  ],
  [
    'hooks that nobody knows',
    hooks('[diskunmpa, macspof, vdsm-hok-smbios, frobnicate]'),
    [
      '2:16 vdsm_hooks: unknown hook "diskunmpa" -> Did you mean "diskunmap"?',
      '2:27 vdsm_hooks: unknown hook "macspof" -> Did you mean "macspoof"?',
      '2:36 vdsm_hooks: unknown hook "vdsm-hok-smbios" -> Did you mean "vdsm-hook-smbios"?',
      `2:53 vdsm_hooks: unknown hook "frobnicate" -> ${HOOK_HINT}`,
    ],
  ],
  [
    'the package of a dangerous hook where nothing looks at the danger',
    play(
      'packages: [vhostmd, vdsm-hook-vhostmd, { name: vdsm-hook-fileinject, state: absent }, { name: vdsm-hook-allocate_net }]',
    ),
    [
      '2:23 vdsm-hook-vhostmd is the package of the hook vhostmd, which can keep VMs from starting: Without a well-formed /etc/vhostmd/vhostmd.conf no VM starts on the host, with or without the property. -> Name vhostmd under vdsm_hooks, where the danger is looked at.',
      '2:97 vdsm-hook-allocate_net is the package of the hook allocate_net, which can keep VMs from starting: Fails for every vNIC without the property equivnets: no VM with such a vNIC starts on a host that has it. -> Name allocate_net under vdsm_hooks, where the danger is looked at.',
    ],
  ],
  [
    'a hook that keeps VMs from starting wherever it is',
    hooks(
      '\n    - allocate_net\n    - { name: vdsm-hook-allocate_net, accept_risk: no }\n    - { name: allocate_net, state: absent }',
    ),
    [
      `3:7 allocate_net: ${ALLOCATE_NET}`,
      '4:7 "vdsm-hook-allocate_net" stands twice in this play: line 3 names the same package',
      `4:15 allocate_net: ${ALLOCATE_NET}`,
      '5:7 "allocate_net" stands twice in this play: line 3 names the same package',
    ],
  ],
  [
    'a hook twice, once by its package',
    hooks('\n    - ethtool_options\n    - { name: vdsm-hook-ethtool-options, state: absent }'),
    ['4:7 "vdsm-hook-ethtool-options" stands twice in this play: line 3 names the same package'],
  ],
  [
    'a package twice, once as a hook',
    '- hosts: a\n  packages: [vim, vim, vdsm-hook-smbios]\n  vdsm_hooks: [smbios]\n',
    [
      '2:19 "vim" stands twice in this play: line 2 names the same package',
      '3:16 "smbios" stands twice in this play: line 2 names the same package',
    ],
  ],
  [
    'a service twice',
    play('service: [{ name: a, enabled: true }, { name: a.service, state: stopped }]'),
    ['2:41 "a.service" stands twice in this play: line 2 names the same unit'],
  ],
  [
    'a service of which nothing is said',
    play('service: { name: chronyd }'),
    [
      '2:12 nothing is said about the service "chronyd" -> Add state: started or stopped, or enabled: true or false.',
    ],
  ],
  [
    'the engine before the hooks',
    '- hosts: engine\n  engine_properties: { vm: { a: b } }\n- hosts: b\n  packages: [c]\n- hosts: c\n  vdsm_hooks: [smbios]\n',
    [`2:3 engine_properties stands before the vdsm_hooks in line 6 -> ${ORDER_HINT}`],
  ],
  ['a play with hosts alone', '- hosts: a\n  become: true\n', [`1:3 ${IDLE}`]],
  ['a play with empty lists', '- hosts: a\n  packages: []\n  service: []\n', [`1:3 ${IDLE}`]],
  ['a play with a health address alone', play('engine_health_timeout: 5'), [`1:3 ${IDLE}`]],
  [
    'engine properties without properties',
    engine('{ cluster_levels: [4.7], vm: {}, device: { interface: {} }, from_hooks: false }'),
    [`1:3 ${IDLE}`],
  ],
  ['from_hooks without any hooks', engine('{ from_hooks: true }'), [`1:3 ${IDLE}`]],
  [
    'cluster levels that are none',
    engine('{ vm: { a: b }, cluster_levels: [4.7, "4.7", general, 4, [4.8]] }'),
    [
      '2:60 the cluster level 4.7 stands twice',
      '2:67 "general" is not a cluster level such as 4.7',
      '2:76 "4" is not a cluster level such as 4.7',
      '2:79 engine_properties.cluster_levels: expected a cluster level such as 4.7, found a list',
    ],
  ],
  [
    'one cluster level instead of a list',
    engine('{ vm: { a: b }, cluster_levels: 4.7 }'),
    ['2:54 engine_properties.cluster_levels: expected a list of cluster levels, found the number 4.7'],
  ],
  [
    'no cluster level',
    engine('{ vm: { a: b }, cluster_levels: [] }'),
    [
      '2:54 engine_properties.cluster_levels: the list is empty; leave the key out for every level that the engine has',
    ],
  ],
  [
    'names that cannot be those of properties',
    engine(
      `{ vm: { 9a: x, a-b: x, größe: x }, network: { '': x }, device: { disk: { a.b: { state: absent } } } }`,
    ),
    [
      `2:30 "9a" cannot be the name of a property -> ${NAME_HINT}`,
      `2:37 "a-b" cannot be the name of a property -> ${NAME_HINT}`,
      `2:45 "größe" cannot be the name of a property -> ${NAME_HINT}`,
      `2:68 "" cannot be the name of a property -> ${NAME_HINT}`,
      '2:95 "a.b" cannot be the name of a property',
    ],
  ],
  [
    'names that mean something in the environment of a hook',
    engine('{ vm: { PATH: x, LD_PRELOAD: x }, device: { interface: { LC_ALL: x } }, network: { vmId: x } }'),
    [
      `2:30 a property cannot be called PATH -> ${ENVIRONMENT_HINT}`,
      `2:39 a property cannot be called LD_PRELOAD -> ${ENVIRONMENT_HINT}`,
      `2:79 a property cannot be called LC_ALL -> ${ENVIRONMENT_HINT}`,
      `2:105 a property cannot be called vmId -> ${ENVIRONMENT_HINT}`,
    ],
  ],
  [
    'names that the engine predefines',
    engine('{ vm: { sap_agent: x, extra_cpu_flags: x }, network: { bridge_opts: x } }'),
    [
      `2:30 the engine defines the property sap_agent by itself -> ${ENGINES_HINT}`,
      `2:44 the engine defines the property extra_cpu_flags by itself -> ${ENGINES_HINT}`,
      `2:77 the engine defines the property bridge_opts by itself -> ${ENGINES_HINT}`,
    ],
  ],
  [
    'a name that the engine predefines at one of the levels',
    engine('{ cluster_levels: [4.5, 4.10], vm: { extra_cpu_flags: x } }'),
    [`2:59 the engine defines the property extra_cpu_flags by itself -> ${ENGINES_HINT}`],
  ],
  [
    'a device type that the engine does not have',
    engine('{ device: { interfaces: { a: x }, floppy: { b: x } } }'),
    [
      '2:34 the engine has no device type "interfaces" -> Did you mean "interface"?',
      '2:56 the engine has no device type "floppy" -> It has disk, interface, video, graphics, sound, controller, balloon, channel, redir, redirdev, console, rng, smartcard, watchdog, hostdev, memory, tpm, mdev.',
    ],
  ],
  [
    'rules that are none',
    vm('{ a: 5, b: [x], c: { state: present }, d: }'),
    [
      '2:33 engine_properties.vm.a: expected a regular expression in quotes, or { state: absent }, found the number 5',
      '2:39 engine_properties.vm.b: expected a regular expression in quotes, or { state: absent }, found a list',
      '2:56 engine_properties.vm.c.state: expected absent, found text "present"',
      '2:67 engine_properties.vm.d: expected a regular expression in quotes, or { state: absent }, found nothing',
    ],
  ],
  [
    'regular expressions that the engine cannot hold',
    engine(`{ vm: { a: 'x;y', b: "x\\ny" }, device: { disk: { c: 'x}}{type=y' } }, network: { d: '(' } }`),
    [
      '2:33 engine_properties.vm.a: a regular expression cannot hold a semicolon: the engine ends it there',
      '2:43 engine_properties.vm.b: a regular expression cannot hold a line break',
      '2:74 engine_properties.device.disk.c: a regular expression cannot hold "}}{type=": the engine reads another device type there',
      '2:106 engine_properties.network.d: the regular expression does not close a parenthesis (',
    ],
  ],
  [
    'a key twice',
    '- hosts: a\n  hosts: b\n  vdsm_hooks: [smbios]\n  vdsm_hooks: [smbios]\n',
    ['2:3 the key "hosts" stands twice', '4:3 the key "vdsm_hooks" stands twice'],
  ],
  [
    'a key that JavaScript would take for something else',
    '- hosts: a\n  __proto__: { packages: [a] }\n  packages: [b]\n  constructor: x\n',
    [
      '2:3 no key may be called __proto__',
      '4:3 unknown key "constructor" -> Known here: name, hosts, become, serial, max_fail_percentage, max_failed, verify, verify_timeout, pause, confirm, skip_states, deep, repositories, enablerepo, disablerepo, packages, vdsm_hooks, libvirt_hooks, protected_domains, operators, unmanaged, service, engine_properties, host_deploy_tasks, engine_health_url, engine_health_timeout.',
    ],
  ],
  ['a tag', play('packages: !vault [a]'), ['2:13 a playbook has no YAML tags: unresolved tag: !vault']],
  [
    'an alias without its anchor',
    vm('{ a: *b, c: d }'),
    [
      '2:33 no anchor &b stands before the alias *b -> Quote text that begins with *.',
      '2:33 engine_properties.vm.a: expected a regular expression in quotes, or { state: absent }, found nothing',
    ],
  ],
  [
    'a merge key without a mapping',
    '- hosts: a\n  <<: b\n  packages: [a]\n',
    ['2:7 a merge key << takes a mapping, or a list of mappings'],
  ],
  [
    'several documents',
    '- hosts: a\n  packages: [a]\n---\n- hosts: b\n',
    [
      '3:1 a second YAML document begins here; a playbook is one document -> Put all plays into one list, without "---" or "..." between them.',
    ],
  ],
  [
    'a tab',
    '- hosts: a\n\tpackages: [a]\n',
    ['2:2 broken YAML: a tab is used as indentation -> Indent with blanks.'],
  ],
  [
    'an escape in double quotes',
    vm('{ a: "^\\d$" }'),
    [
      '2:35 broken YAML: invalid escape sequence \\d in double quotes -> Put it in single quotes: nothing is escaped there, so a regular expression stays as it is.',
    ],
  ],
];

for (const [title, text, problems] of CASES) {
  test(`the place and the reason are told of ${title}`, t => {
    t.deepEqual(problemsOf(text), problems);
  });
}

for (const [title, text, line] of [
  ['a bracket that is not closed', '- hosts: a\n  packages: [a\n- hosts: b\n', 3],
  ['a quote that is not closed', "- hosts: 'a\n  packages: [a]\n", 3],
  ['a template', '- hosts: {{ group }}\n', 1],
  ['a regular expression without quotes', '- hosts: a\n  engine_properties:\n    vm:\n      a: [a-z]+\n', 4],
  ['an indentation that does not fit', '- hosts: a\n   packages: [a]\n', 1],
  ['nesting without end', '['.repeat(20_000), 1],
] as const) {
  test(`broken YAML is told once a line, with its place: ${title}`, t => {
    const problems = problemsOf(text);
    t.is(new Set(problems.map(problem => problem.split(':')[0])).size, problems.length);
    t.regex(
      problems[0] ?? '',
      new RegExp(`^${line}:\\d+ (broken YAML: [a-z]|the key of a mapping must be plain text)`),
    );
  });
}

test('problems of all plays and all kinds come together, in the order of their places', t => {
  const problems = problemsOf(`- hosts: engine
  engine_properties: { vm: { PATH: 'a;b' } }
- vdsm_hooks: [nope-nope-nope]
  vdsm_hooks: []
- hosts: c
  pakages: [x]
`);
  t.deepEqual(
    problems.map(problem => problem.replace(/ -> .*/, '')),
    [
      '2:3 engine_properties stands before the vdsm_hooks in line 3',
      '2:30 a property cannot be called PATH',
      '2:36 engine_properties.vm.PATH: a regular expression cannot hold a semicolon: the engine ends it there',
      '3:3 hosts is missing: a host pattern such as hypervisors',
      '3:16 vdsm_hooks: unknown hook "nope-nope-nope"',
      '4:3 the key "vdsm_hooks" stands twice',
      '6:3 unknown key "pakages"',
    ],
  );
});

test('a long text is cut short where it is quoted', t => {
  const [problem = ''] = problemsOf(hooks('x'.repeat(500)));
  t.true(problem.endsWith(`found text "${'x'.repeat(60)}…"`));
});
