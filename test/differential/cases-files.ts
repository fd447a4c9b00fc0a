import type { Case } from './compare.ts';

const yaml = (text: string): Case => ({ files: { 'hosts.yml': text }, inventories: ['hosts.yml'] });
const vars = (text: string, name = 'group_vars/all.yml'): Case => ({
  files: { hosts: '[web]\nw1\nw2\n', [name]: text },
});

const BASE = '[web]\nw1\nw2\n[db]\nd1\n[site:children]\nweb\ndb\n';

/** YAML inventories, variables beside them, several inventories, folders, lists of hosts, programs. */
export const FILE_CASES: Readonly<Record<string, Case>> = {
  'YAML inventory': yaml(`all:
  vars: {x: 1}
  hosts:
    u1:
    u2: {ansible_host: 192.0.2.1}
  children:
    web:
      hosts:
        w[01:03].example.org:
          a: 1
      vars:
        v: web
    site:
      children:
        web:
        db:
          hosts: {d1: }
      vars: {v: site, w: site}
    ungrouped:
      hosts:
        u3:
`),
  'YAML inventory with groups at the top': yaml(
    'web:\n  hosts: {w1: , w2: {a: b}}\ndb:\n  hosts: d1\n  children: web\nempty:\n',
  ),
  'YAML inventory without an ending': { files: { hosts: '---\n# c\nweb:\n  hosts:\n    w1:\n' } },
  'YAML inventory in JSON': {
    files: {
      'h.json':
        '{"web": {"hosts": {"w1": {"a": 1.0, "b": 123456789012345678901, "c": null}}, "vars": {"d": [true]}}}',
    },
    inventories: ['h.json'],
  },
  'YAML inventory with ports': yaml(
    'web:\n  hosts:\n    w1:2222:\n    "[2001:db8::1]:22":\n    2001:db8::2:\n',
  ),
  'YAML inventory with priorities': yaml(
    'a: {hosts: {h: }, vars: {v: a, ansible_group_priority: 5}}\nb: {hosts: {h: }, vars: {v: b}}\n',
  ),
  'hostile names in YAML': yaml(
    '__proto__:\n  hosts:\n    constructor: {__proto__: 1, toString: 2}\nconstructor:\n  children: {__proto__: }\n',
  ),
  'INI in a file called .yml': { files: { 'hosts.yml': '[web]\nw1\n' }, inventories: ['hosts.yml'] },
  'anchors and merge keys': yaml(`all:
  vars:
    base: &base {a: 1, b: 2}
    more: &more {b: 3, c: 4}
    one: {<<: *base, b: 9}
    two: {<<: [*base, *more], d: 5}
    again: *base
  hosts: {h: }
`),
  'YAML booleans': vars(
    'a: yes\nb: No\nc: on\nd: OFF\ne: true\nf: False\ng: y\nh: n\ni: yEs\nj: "yes"\nk: !!bool "on"\n',
  ),
  'YAML integers': vars(
    'a: 1\nb: 0755\nc: 0o17\nd: 0x1F\ne: 0b11\nf: 1_000\ng: 08\nh: -0\ni: +3\nj: 190:20:30\nk: 52:54:00:12:34:56\nl: 0:30\nm: 9007199254740993\nn: 123456789012345678901234567890\no: !!int "12"\np: 1:60\nq: 00\nr: -0755\ns: 1 000\n',
  ),
  'YAML floats': vars(
    'a: 1.10\nb: 1e5\nc: 1.0e+5\nd: 1.e-3\ne: .5\nf: -.5\ng: .inf\nh: -.INF\ni: .nan\nj: 1_0.5\nk: 1:30.5\nl: 5.\nm: 1.0\nn: !!float 1\no: 1.5E+3\np: 685.230_15e+03\nq: 1.2.3\nr: -190:20:30.15\n',
  ),
  'YAML null': vars('a:\nb: ~\nc: null\nd: Null\ne: nULL\nf: ""\ng: [~, , x]\n'.replace(', ,', ',')),
  'YAML dates': vars(
    'a: 2023-01-02\nb: 2023-1-2\nc: 2023-01-02T03:04:05Z\nd: 2023-01-02 03:04:05.123\ne: 2023-01-02t3:04:05 +05:30\nf: 2023-01-02T03:04:05-7\ng: "2023-01-02"\nh: 2023-01-02T03:04:05\n',
  ),
  'YAML strings': vars(
    "a: plain text\nb: 'single ''q'''\nc: \"dou\\tble \\u00e4 \\x41\"\nd: |\n  two\n  lines\ne: >-\n  folded\n  text\nf: multi\n  line plain\ng: a # c\nh: a#b\ni: \"{{ x }}\"\nj: !!str 12\nk: ! 12\nl: =\n".replace(
      'l: =\n',
      '',
    ),
  ),
  'YAML nesting': vars('l:\n- a\n- - b\n  - {c: d}\n- {}\n- []\nd:\n  b: 1\n  a: {z: [1, {y: 2}]}\n'),
  'YAML keys that are no text': vars('d: {1: a, 2: b}\ne: {yes: 1, no: 0}\n'),
  'YAML keys that Python cannot sort': vars('d: {1: a, b: c}\na: 1\n'),
  'YAML keys twice': vars('a: 1\nb: 2\na: 3\n'),
  'unsafe text': vars('a: !unsafe "{{ x }}"\nb: [!unsafe y, z]\n'),
  'YAML tags': vars('a: !!str yes\nb: !!null x\nc: !!map {a: 1}\nd: !!seq [1]\n'),
  'JSON variables': vars(
    '{"a": 1e3, "b": 1.10, "c": NaN, "d": -Infinity, "e": "\\ud83d\\ude00", "f": {"b": 1, "a": null}, "g": 12345678901234567890}',
    'group_vars/all.json',
  ),
  'JSON in a file called .yml': vars('{"a": 1e5, "b": "x"}'),
  'an empty file of variables': vars(''),
  'a file of variables of comments': vars('# a\n---\n'),
  'Windows line ends in YAML': vars('a: 1\r\nb: |\r\n  x\r\n  y\r\n'),
  'a byte order mark in YAML': vars('\ufeffa: 1\n'),
  'group_vars and host_vars': {
    files: {
      hosts: `${BASE}[web:vars]\nv=ini-web\n[all:vars]\nv=ini-all\nw=ini-all\n[site:vars]\nw=ini-site\nx=ini-site\n`,
      'group_vars/all.yml': 'v: file-all\nx: file-all\ny: file-all\n',
      'group_vars/site.yml': 'y: file-site\nz: file-site\n',
      'group_vars/web.yml': 'z: file-web\n',
      'group_vars/ungrouped.yml': 'z: never\n',
      'group_vars/nosuch.yml': 'z: never\n',
      'host_vars/w1.yml': 'z: file-w1\n',
      'host_vars/w2': 'q: 1\n',
      'host_vars/d1.json': '{"q": 2}',
    },
  },
  'variables of a host in the inventory and in a file': {
    files: { hosts: 'h a=1 b=1\n', 'host_vars/h.yml': 'b: 2\nc: 2\n', 'group_vars/all.yml': 'a: 0\n' },
  },
  'folders of variables': {
    files: {
      hosts: BASE,
      'group_vars/web/20.yml': 'a: 20\nb: 20\n',
      'group_vars/web/10': 'a: 10\nc: 10\n',
      'group_vars/web/sub/x.yaml': 'd: sub\na: sub\n',
      'group_vars/web/sub.d/x.yaml': 'e: never\n',
      'group_vars/web/.hidden.yml': 'e: never\n',
      'group_vars/web/old.yml~': 'e: never\n',
      'group_vars/web/x.txt': 'e: never\n',
      'group_vars/web/30.json': '{"f": 30}',
      'group_vars/web.yml': 'g: never\n',
      'host_vars/w1/a.yml': 'h: 1\n',
    },
  },
  'the first ending wins': {
    files: {
      hosts: BASE,
      'group_vars/web.yaml': 'a: yaml\n',
      'group_vars/web.yml': 'a: yml\n',
      'group_vars/web.json': '{"a": 3}',
    },
  },
  'links to variables': {
    files: {
      hosts: BASE,
      'shared/web.yml': 'a: 1\n',
      'group_vars/web.yml': '-> ../shared/web.yml',
      host_vars: '-> shared',
      'shared/w1.yml': 'b: 2\n',
    },
  },
  'a priority in a file of variables': vars('ansible_group_priority: 5\n', 'group_vars/web.yml'),
  'variables beside the playbook': {
    files: {
      'inv/hosts': `${BASE}[web:vars]\na=0\n`,
      'inv/group_vars/all.yml': 'a: 1\nb: 1\nc: 1\n',
      'inv/group_vars/web.yml': 'b: 2\nd: 2\n',
      'inv/host_vars/w1.yml': 'e: 3\nf: 3\n',
      'play/group_vars/all.yml': 'b: 4\nc: 4\n',
      'play/group_vars/web.yml': 'd: 5\n',
      'play/group_vars/site.yml': 'b: 5\n',
      'play/host_vars/w1.yml': 'f: 6\n',
    },
    inventories: ['inv/hosts'],
    playbook: 'play',
  },
  'several inventories': {
    files: {
      one: '[web]\nw1 a=1 b=1\n[web:vars]\nv=one\nw=one\n',
      two: '[web]\nw2\nw1 a=2\n[db]\nd1\n[web:vars]\nv=two\n',
    },
    inventories: ['one', 'two'],
  },
  'several inventories with variables': {
    files: {
      'a/hosts': BASE,
      'b/hosts': '[web]\nw1\n[extra]\nw1\n',
      'a/group_vars/web.yml': 'x: a\ny: a\n',
      'b/group_vars/all.yml': 'x: b\nz: b\n',
      'b/group_vars/site.yml': 'y: b\n',
      'a/host_vars/w1.yml': 'q: a\n',
      'b/host_vars/w1.yml': 'q: b\n',
    },
    inventories: ['a/hosts', 'b/hosts'],
  },
  'inventories of several forms': {
    files: { one: '[web]\nw1\n', 'two.yml': 'web: {hosts: {w2: }, vars: {x: yes}}\n' },
    inventories: ['one', 'two.yml', 'h1,w1', 'h2:2222,'],
  },
  'the same folder twice': {
    files: { one: '[web]\nw1\n', two: '[web]\nw2\n', 'group_vars/web.yml': 'x: 1\n' },
    inventories: ['one', 'two'],
  },
  'a folder': {
    files: {
      'inv/10-web': '[web]\nw1\n',
      'inv/20-db.yml': 'db: {hosts: {d1: }}\n',
      'inv/05-last': '[web]\nw0\n',
      'inv/sub/more': '[more]\nm1\n',
      'inv/sub/group_vars/more.yml': 'x: never\n',
      'inv/group_vars/web.yml': 'x: 1\n',
      'inv/host_vars/d1.yml': 'y: 2\n',
      'inv/.hidden': '[never]\nn1\n',
      'inv/ignored.ini': '[never]\nn2\n',
      'inv/ignored.cfg': '[never]\nn3\n',
      'inv/README.md': '# text\n',
      'inv/old~': '[never]\nn4\n',
      'inv/x.bak': '[never]\nn5\n',
      'inv/x.orig': '[never]\n',
      'inv/x.retry': 'n6\n',
      'inv/vars_plugins/x.py': 'never\n',
    },
    inventories: ['inv'],
  },
  'a list of hosts': { files: {}, inventories: ['h1,h2:2222, h3 ,192.0.2.1,2001:db8::1,'] },
  'a list of one host': { files: {}, inventories: ['h1,'] },
  'a program with _meta': {
    files: {
      hosts: `#!/bin/sh
[ "$1" = --list ] || exit 3
echo noise >&2
echo '{"web": {"hosts": ["w1", "w2"], "vars": {"v": 1.0}, "children": ["sub"]}, "sub": ["s1"], "solo": {"a": "b"},'
echo '"all": {"children": ["ungrouped", "web"]}, "_meta": {"hostvars": {"w1": {"x": [1, null], "y": "yes"}, "nosuch": {"z": 1}}}}'
`,
      'group_vars/web.yml': 'from: file\n',
    },
  },
  'a program without _meta': {
    files: {
      hosts: `#!/bin/sh
case "$1 $2" in
  '--list ') echo '{"web": {"hosts": ["w1", "w2"]}, "db": {"hosts": [], "vars": {}}}' ;;
  '--host w1') echo '{"x": 1, "v": {"__ansible_vault": "abc"}}' ;;
  *) echo '{}' ;;
esac
`,
    },
  },
  'a program in a folder': {
    files: {
      'inv/a.sh': '#!/bin/sh\necho \'{"web": ["w1"], "_meta": {"hostvars": {}}}\'\n',
      'inv/b': '[web:vars]\nx=1\n[web]\nw2\n',
    },
    inventories: ['inv'],
  },
  'encrypted values': vars(
    'a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6338\nb:\n- !vault-encrypted "x"\n- {c: !vault y}\nd: {__ansible_vault: z}\n',
  ),
  'encrypted values in an inventory': yaml(
    'web:\n  hosts:\n    w1:\n      p: !vault |\n        $ANSIBLE_VAULT;1.2;AES256;dev\n        6162\n  vars:\n    q: !vault |-\n      $ANSIBLE_VAULT;1.1;AES256\n',
  ),
};
