import test from 'ava';
import { findHook, HOOKS } from '../../../src/catalog/hooks.ts';
import { hookPage, installLine } from '../../../src/report/catalog/catalog-hook.ts';
import { hookList } from '../../../src/report/catalog/catalog-hooks.ts';
import { hookDocument } from '../../../src/report/catalog/catalog-json.ts';
import { makePaint } from '../../../src/report/paint.ts';

const look = { width: 100, paint: makePaint({}, {}) };
const some = HOOKS.filter(({ name }) =>
  ['allocate_net', 'diskunmap', 'vmfex_dev', 'macspoof'].includes(name),
);

function pageOf(name: string, width = 100): string {
  const hook = findHook(name);
  return hook === undefined ? '' : hookPage(hook, { ...look, width });
}

test('the list has a line a hook, in columns, with a mark for what is broken or dangerous', t => {
  t.is(
    hookList(some, look),
    `NAME          STATUS     EVENTS                   ABOUT
allocate_net  current !  before_device_create     One of several networks for a vNIC
diskunmap     current    before_vm_start          Discard on IDE and SCSI disks
vmfex_dev     current    before_device_create +2  vNIC on a Cisco VM-FEX port profile
macspoof      removed    before_vm_start +2       vNICs without MAC spoofing filter`,
  );
});

test('the whole list fits 100 columns', t => {
  const lines = hookList(HOOKS, look).split('\n');
  t.is(lines.length, HOOKS.length + 1);
  t.deepEqual(
    lines.filter(line => line.length > 100),
    [],
  );
});

test('on a narrower terminal what a hook is about has a line of its own, and all fits 80 columns', t => {
  t.is(
    hookList(some.slice(1, 2), { ...look, width: 80 }),
    `NAME       STATUS   EVENTS
diskunmap  current  before_vm_start
    Discard on IDE and SCSI disks`,
  );
  const lines = hookList(HOOKS, { ...look, width: 80 }).split('\n');
  t.is(lines.length, 2 * HOOKS.length + 1);
  t.deepEqual(
    lines.filter(line => line.length > 80),
    [],
  );
});

test('colour is only where it is wanted', t => {
  const colour = { width: 100, paint: makePaint({ isTTY: true }, {}) };
  for (const hook of HOOKS) {
    t.true(hookPage(hook, colour).includes('\u001b['));
    t.false(hookPage(hook, look).includes('\u001b'));
  }
  t.true(hookList(some, colour).includes('\u001b['));
});

test('the page of a hook has all that an operator needs', t => {
  t.is(
    pageOf('diskunmap'),
    `diskunmap
Sets discard=unmap on all IDE and SCSI disks and LUNs of the VM.

Status    current: from VDSM 4.17.1 (oVirt 3.6) to today's 4.50.7 (oVirt 4.5)
Package   vdsm-hook-diskunmap
Requires  qemu-kvm >= 1.5

Scripts, below /usr/libexec/vdsm/hooks
  0755  before_vm_start/50_diskunmap  failure aborts

Custom properties
  UserDefinedVMProperties
    diskunmap=^(off|on)$
  Expression from its README.

Worth knowing
  - No effect on virtio-blk disks.
  - The engine can do this natively for each disk: pass_discard of the disk attachment.

Install
  hookfleet install diskunmap -i INVENTORY`,
  );
});

test('a removed hook says since when, what to use today, and that it needs a repository of its own', t => {
  const page = pageOf('macspoof', 200);
  t.regex(
    page,
    /^Status +removed in VDSM 4\.40\.1 \(commit 298dbaa08422\).* to VDSM 4\.30\.53 \(oVirt 4\.3\)$/m,
  );
  t.regex(page, /^Instead +a vNIC profile without network filter: hookfleet vnic set PROFILE --no-filter$/m);
  t.regex(page, /repository of your own[^\n]*\n {2}hookfleet install macspoof -i INVENTORY$/);
});

test('defects, dangers, set-up, links, other files and root are told', t => {
  t.regex(pageOf('checkips'), /\nDefect\n {2}The daemon cannot import/);
  t.regex(pageOf('checkips'), /\nOn each host\n {2}- Its daemon vdsm-checkips\.service/);
  t.regex(pageOf('checkips'), /\n {2}0755 {2}\/usr\/libexec\/vdsm\/hooks\/checkipsd\n/);
  t.regex(pageOf('allocate_net'), /\nDanger\n {2}Fails for every vNIC/);
  t.regex(
    pageOf('vhostmd'),
    /link {2}before_vm_dehibernate\/50_vhostmd +failure aborts\n +-> \.\.\/before_vm_start\/50_vhostmd/,
  );
  t.regex(pageOf('vhostmd'), /sap_agent=.*\n +The engine defines it by itself from cluster level 4\.2/);
  t.regex(pageOf('fcoe'), /before_network_setup\/50_fcoe +failure aborts, as root/);
  t.regex(pageOf('vmfex_dev'), /^Conflicts +hook-vmfex$/m);
  t.regex(pageOf('ethtool_options'), /^Documented +from oVirt 3\.5/m);
  t.regex(pageOf('vfio_mdev'), /mdev_type=.*\n +The engine of its time defined it by itself\./);
  t.regex(pageOf('nestedvt'), /\nCustom properties\n {2}None\.\n/);
  t.regex(pageOf('ovirt_provider_ovn_hook'), /^Status +external: not part of VDSM/m);
});

for (const width of [80, 100]) {
  test(`no page is wider than ${width} columns, save the paths that are`, t => {
    for (const hook of HOOKS) {
      const wide = pageOf(hook.name, width)
        .split('\n')
        .filter(line => line.length > width && !line.startsWith('  0'));
      t.deepEqual(wide, [], hook.name);
    }
  });
}

test('every page says every fact that the catalogue has of its hook', t => {
  const flat = (text: string) => text.replace(/\s+/g, ' ');
  for (const hook of HOOKS) {
    const page = flat(pageOf(hook.name));
    const said = [
      ...[
        hook.summary,
        hook.broken,
        hook.danger,
        hook.withoutProperty,
        hook.replacement,
        hook.documentedSince,
      ],
      ...[...hook.notes, ...hook.hostSetup, ...hook.requires, ...hook.conflicts, hook.package],
      ...hook.files.map(({ event, file }) => `${event}/${file}`),
      ...hook.otherFiles.map(({ path, mode }) => `${mode} ${path}`),
    ];
    for (const fact of said) {
      t.true(fact === undefined || page.includes(flat(fact)), `${hook.name}: ${fact}`);
    }
  }
});

test('the document of a hook has the same keys for every hook, and the line to install it', t => {
  const keys = new Set(HOOKS.map(hook => Object.keys(hookDocument(hook)).join(' ')));
  t.is(keys.size, 1);
  const [hook] = some;
  t.like(hook && hookDocument(hook), {
    name: 'allocate_net',
    events: ['before_device_create'],
    broken: null,
    removed: null,
    install: 'hookfleet install allocate_net -i INVENTORY',
  });
});

test('a name that the shell would not take as a word is quoted in the install line', t => {
  const [hook] = some;
  t.is(hook && installLine({ ...hook, name: 'a b' }), "hookfleet install 'a b' -i INVENTORY");
});
