import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { BUILT_IN, findHook } from '../../src/catalog/hooks.ts';
import { InputError } from '../../src/core/input-error.ts';
import { loadPlaybook, parsePlaybook } from '../../src/playbook/playbook.ts';

const parse = (text: string) => parsePlaybook(text, 'site.yml');
const place = (line: number, column: number) => ({ file: 'site.yml', line, column });

/** A package of which no more is said than its name and its state. */
const PLAIN = { allowDowngrade: false, enablerepo: [], disablerepo: [] };

const AT_ONCE = { serial: [], maxFailPercentage: 0, maxFailed: null, pauseSeconds: 0, confirm: false };

test('a play that says little has the defaults', t => {
  t.deepEqual(parse('- hosts: hypervisors\n  packages: [tcpdump]\n'), {
    file: 'site.yml',
    plays: [
      {
        name: 'hypervisors',
        place: place(1, 3),
        hosts: { pattern: 'hypervisors', place: place(1, 10) },
        become: false,
        deep: false,
        rollout: AT_ONCE,
        repositories: [],
        managesHooks: false,
        libvirtHooks: [],
        managesLibvirtHooks: false,
        unmanaged: 'report',
        packages: [{ name: 'tcpdump', state: 'present', ...PLAIN, place: place(2, 14) }],
        vdsmHooks: [],
        services: [],
      },
    ],
    warnings: [],
    catalog: BUILT_IN,
  });
});

test('a play that says everything has it all, with places', t => {
  const { plays } = parse(`- name: Everything
  hosts: all:!lab
  become: true
  max_fail_percentage: 12.5
  packages:
    - tcpdump
    - { name: libstdc++, state: absent }
  vdsm_hooks:
    - vdsm-hook-ethtool-options
    - name: macspoof
      state: absent
    - vdsm-hook-of-our-own
  service: { name: chronyd, state: started }
- hosts: engine
  service:
    - { name: chronyd, enabled: false }
    - { name: ovirt-engine.service, state: stopped, enabled: true }
  engine_properties:
    vm: { tag: '^x$' }
  engine_health_url: https://engine.example.org/ovirt-engine/services/health
  engine_health_timeout: 60
`);
  t.deepEqual(plays, [
    {
      name: 'Everything',
      place: place(1, 3),
      hosts: { pattern: 'all:!lab', place: place(2, 10) },
      become: true,
      deep: false,
      rollout: { ...AT_ONCE, maxFailPercentage: 12.5 },
      repositories: [],
      managesHooks: true,
      libvirtHooks: [],
      managesLibvirtHooks: false,
      unmanaged: 'report',
      packages: [
        { name: 'tcpdump', state: 'present', ...PLAIN, place: place(6, 7) },
        { name: 'libstdc++', state: 'absent', ...PLAIN, place: place(7, 7) },
      ],
      vdsmHooks: [
        {
          name: 'ethtool_options',
          package: 'vdsm-hook-ethtool-options',
          state: 'present',
          ...PLAIN,
          place: place(9, 7),
          known: findHook('ethtool_options'),
          acceptRisk: false,
        },
        {
          name: 'macspoof',
          package: 'vdsm-hook-macspoof',
          state: 'absent',
          ...PLAIN,
          place: place(10, 7),
          known: findHook('macspoof'),
          acceptRisk: false,
        },
        {
          name: 'vdsm-hook-of-our-own',
          package: 'vdsm-hook-of-our-own',
          state: 'present',
          ...PLAIN,
          place: place(12, 7),
          acceptRisk: false,
        },
      ],
      services: [{ name: 'chronyd', state: 'started', place: place(13, 12) }],
    },
    {
      name: 'engine',
      place: place(14, 3),
      hosts: { pattern: 'engine', place: place(14, 10) },
      become: false,
      deep: false,
      rollout: AT_ONCE,
      repositories: [],
      managesHooks: false,
      libvirtHooks: [],
      managesLibvirtHooks: false,
      unmanaged: 'report',
      packages: [],
      vdsmHooks: [],
      services: [
        { name: 'chronyd', enabled: false, place: place(16, 7) },
        { name: 'ovirt-engine.service', state: 'stopped', enabled: true, place: place(17, 7) },
      ],
      engine: {
        properties: {
          levels: 'all',
          vm: [{ name: 'tag', regex: '^x$', origin: 'playbook' }],
          device: [],
          network: [],
        },
        healthUrl: 'https://engine.example.org/ovirt-engine/services/health',
        healthTimeoutSeconds: 60,
        place: place(18, 3),
      },
    },
  ]);
});

const engineOf = (text: string) => parse(text).plays.at(-1)?.engine;

test('cluster levels are read as they are written: 4.10 is not 4.1', t => {
  const engine = engineOf(
    `- hosts: engine\n  engine_properties:\n    cluster_levels: [4.7, 4.10, "4.8"]\n    vm: { a: b }\n`,
  );
  t.deepEqual(engine?.properties.levels, ['4.7', '4.10', '4.8']);
});

test('from_hooks takes the properties of every present hook of the playbook, and of no absent one', t => {
  const engine = engineOf(`- hosts: a
  vdsm_hooks: [diskunmap, { name: smbios, state: absent }, vdsm-hook-own]
- hosts: b
  vdsm_hooks: [vdsm-hook-vhostmd, vdsm-hook-scratchpad]
- hosts: engine
  engine_properties: { from_hooks: true, vm: { scratchpad: '.*' } }
`);
  t.deepEqual(
    engine?.properties.vm.map(property => [property.name, property.origin]),
    [
      ['scratchpad', 'playbook'],
      ['diskunmap', 'diskunmap'],
    ],
  );
});

test('without from_hooks the hooks of the playbook add no property', t => {
  const engine = engineOf(`- hosts: a
  vdsm_hooks: [diskunmap]
- hosts: engine
  engine_properties: { from_hooks: false, vm: { tag: '.*' } }
`);
  t.deepEqual(
    engine?.properties.vm.map(property => property.name),
    ['tag'],
  );
});

test('without other wishes the engine is asked for its health at its own host, for five minutes', t => {
  t.like(engineOf('- hosts: engine\n  engine_properties: { vm: { a: b } }\n'), {
    healthUrl: 'http://localhost/ovirt-engine/services/health',
    healthTimeoutSeconds: 300,
  });
});

test('a name that the engine predefines only at other levels can be defined', t => {
  const engine = engineOf(`- hosts: engine
  engine_properties: { cluster_levels: [4.5], vm: { extra_cpu_flags: '.*' } }
`);
  t.is(engine?.properties.vm.length, 1);
});

test('a badly chosen name of earlier days can be taken out of the engine', t => {
  const engine = engineOf(`- hosts: engine
  engine_properties: { vm: { PATH: { state: absent }, 9lives: { state: absent }, sap_agent: { state: absent } } }
`);
  t.deepEqual(
    engine?.properties.vm.map(property => 'absent' in property && property.name),
    ['PATH', '9lives', 'sap_agent'],
  );
});

test('anchors, aliases and merge keys mean what they mean in YAML', t => {
  const { plays } = parse(`- &base
  hosts: a
  become: true
  vdsm_hooks: &hooks [diskunmap]
- <<: *base
  hosts: b
- hosts: c
  vdsm_hooks: *hooks
`);
  t.deepEqual(
    plays.map(play => [play.hosts.pattern, play.become, play.vdsmHooks.map(hook => hook.name).join()]),
    [
      ['a', true, 'diskunmap'],
      ['b', true, 'diskunmap'],
      ['c', false, 'diskunmap'],
    ],
  );
});

test('windows line ends and text beyond ASCII are fine', t => {
  const engine = engineOf("- hosts: engine\r\n  engine_properties:\r\n    vm: { tag: '^(größe|大小)$' }\r\n");
  t.like(engine?.properties.vm[0], { regex: '^(größe|大小)$' });
});

function fileWith(t: ExecutionContext, content: Uint8Array | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-playbook-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'site.yml');
  writeFileSync(file, content);
  return file;
}

test('a playbook is loaded from its file, a byte order mark does no harm', async t => {
  const file = fileWith(t, '\ufeff- hosts: a\n  packages: [b]\n');
  const playbook = await loadPlaybook(file);
  t.is(playbook.file, file);
  t.deepEqual(playbook.plays[0]?.hosts, { pattern: 'a', place: { file, line: 1, column: 10 } });
});

test('a file that cannot be read as a playbook is an input error that names it', async t => {
  const file = fileWith(t, Uint8Array.of(0x23, 0xe4, 0x0a));
  for (const [path, message] of [
    [join(dirname(file), 'missing.yml'), /^the playbook does not exist$/],
    [dirname(file), /^the playbook is a folder$/],
    [file, /^the playbook is not UTF-8 text$/],
    [join(file, 'site.yml'), /^the playbook cannot be read: ENOTDIR/],
  ] as const) {
    const error = await t.throwsAsync(loadPlaybook(path), { instanceOf: InputError });
    t.deepEqual(
      error?.problems.map(problem => problem.place),
      [{ file: path }],
    );
    t.regex(error?.problems[0]?.message ?? '', message);
  }
});

test('how a package comes is read with the play’s own repositories first, and versions as they are written', t => {
  const [play] = parse(`- hosts: hypervisors
  enablerepo: site
  disablerepo: [ovirt, epel]
  packages:
    - { name: jq, version: 1.10, allow_downgrade: yes, enablerepo: extra }
    - { name: tmux, state: latest }
  vdsm_hooks:
    - { name: qemucmdline, version: '>=4.50 <4.60' }
    - { name: vdsm-hook-a, rpm: files/a.rpm }
    - { name: site_audit, source: hooks/site_audit }
`).plays;
  const folder = process.cwd();
  t.deepEqual(play?.packages, [
    {
      name: 'jq',
      state: 'present',
      version: { text: '1.10', place: place(5, 28) },
      allowDowngrade: true,
      enablerepo: ['site', 'extra'],
      disablerepo: ['ovirt', 'epel'],
      place: place(5, 7),
    },
    {
      name: 'tmux',
      state: 'latest',
      allowDowngrade: false,
      enablerepo: ['site'],
      disablerepo: ['ovirt', 'epel'],
      place: place(6, 7),
    },
  ]);
  t.is(play?.vdsmHooks[0]?.version?.text, '>=4.50 <4.60');
  t.is(play?.vdsmHooks[1]?.rpm?.text, join(folder, 'files/a.rpm'));
  t.like(play?.vdsmHooks[2], {
    name: 'site_audit',
    source: { text: join(folder, 'hooks/site_audit'), place: place(10, 35) },
  });
});

test('repositories have dnf’s own options, and each its place', t => {
  const [play] = parse(`- hosts: hypervisors
  repositories:
    - id: site
      baseurl: https://repo.example.org/el9
      gpgkey: files/KEY
      gpgcheck: on
  unmanaged: remove
`).plays;
  t.deepEqual(play?.repositories[0]?.options, {
    id: 'site',
    baseurl: 'https://repo.example.org/el9',
    gpgkey: 'files/KEY',
    gpgcheck: true,
  });
  t.deepEqual(play?.repositories[0]?.placeOf('gpgkey'), place(5, 15));
  t.is(play?.unmanaged, 'remove');
});

test('a hook that shall be the latest is a present one: the engine gets its properties', t => {
  const engine = engineOf(
    '- hosts: hypervisors\n  vdsm_hooks: [{ name: diskunmap, state: latest }]\n- hosts: engine\n  engine_properties: { from_hooks: true }\n',
  );
  t.deepEqual(
    engine?.properties.vm.map(({ name }) => name),
    ['diskunmap'],
  );
});

test('an empty list of hooks is work too: nothing of the playbook’s own shall be there', t => {
  t.true(parse('- hosts: hypervisors\n  vdsm_hooks: []\n').plays[0]?.managesHooks);
  t.true(parse('- hosts: hypervisors\n  packages: [jq]\n  unmanaged: remove\n').plays[0]?.managesHooks);
});
