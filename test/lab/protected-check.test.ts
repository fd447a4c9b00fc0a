/** How protection is proved: by questions alone, and what is not covered is said. */
import test from 'ava';
import { guestPids, hookCalls, putHook, RECORDER, virsh } from './libvirt.ts';
import { bootProtection, FREE, OPERATOR, PROTECTED, type Protection, virshAs } from './protected-fleet.ts';

const LOG = '/var/log/libvirt-calls.log';

/** Makes libvirtd note every call of its programming interface from now on; a restart forgets it. */
async function traceCalls({ host }: Protection): Promise<void> {
  await host.exec(`rm -f ${LOG}
    virt-admin daemon-log-filters '1:libvirt 1:access'
    virt-admin daemon-log-outputs '1:file:${LOG}'`);
}

/** The calls noted, by their names, that are about a domain and more than a look at it. */
async function callsToDomains({ host }: Protection): Promise<string[]> {
  const { stdout } = await host.exec(`grep -oE 'virDomain[A-Za-z0-9]+:' ${LOG} || true`);
  const looks = /^virDomain(Lookup|Get|List|Free|Ref|IsActive|IsPersistent|HasManagedSave|SnapshotNum)/;
  const names = stdout.split('\n').filter(name => name !== '' && !looks.test(name));
  return [...new Set(names.map(name => name.replace(/(EnsureACL)?:$/, '')))].sort();
}

test.serial('check asks polkit and tries to resume what runs; it never sends a stop', async t => {
  const site = await bootProtection(t);
  const { host, keep } = site;
  t.is((await keep('apply', [PROTECTED])).exitCode, 0);
  await putHook(host, 'qemu.d/10-record', RECORDER);
  await host.exec('systemctl reload libvirtd');
  await host.exec(`virsh define /dev/stdin <<X
$(sed 's/<name>.*<.name>/<name>off-1<\\/name>/' /root/${FREE}.xml)
X`);
  const guests = await guestPids(host);
  await traceCalls(site);
  t.is((await keep('check', [PROTECTED, 'off-1'])).exitCode, 3);
  t.is((await keep('check', [PROTECTED])).exitCode, 0);
  t.deepEqual(await callsToDomains(site), ['virDomainResume']);
  t.deepEqual(await hookCalls(host), []);
  t.deepEqual(await guestPids(host), guests);

  await virsh(host, 'destroy', FREE);
  t.true((await callsToDomains(site)).includes('virDomainDestroy'), 'the log would have shown a stop');
});

test.serial(
  'a protected domain that is paused is not resumed by check, whether protection holds or not',
  async t => {
    const { host, keep } = await bootProtection(t);
    const state = async () => (await virsh(host, 'domstate', PROTECTED)).stdout.trim();
    await virsh(host, 'suspend', PROTECTED);
    t.is((await keep('check', [PROTECTED])).exitCode, 3);
    t.is(await state(), 'paused');
    t.is((await keep('apply', [PROTECTED])).exitCode, 0);
    await host.exec(`sed -i '/^ *access_drivers/d' /etc/libvirt/libvirtd.conf; systemctl restart libvirtd`);
    t.is((await keep('check', [PROTECTED])).exitCode, 3);
    t.is(await state(), 'paused');
  },
);

test.serial(
  'a protected domain that the host does not have is no error, and protected once it is defined',
  async t => {
    const { host, keep } = await bootProtection(t);
    const applied = await keep('apply', [PROTECTED, 'later-1']);
    t.is(applied.exitCode, 0, applied.output);
    t.is((await keep('check', [PROTECTED, 'later-1'])).exitCode, 0);
    await host.exec(`sed 's/<name>.*<.name>/<name>later-1<\\/name>/' /root/${FREE}.xml > /root/later.xml
    virsh define /root/later.xml; virsh start later-1`);
    t.regex((await virshAs(host, OPERATOR, 'destroy', 'later-1')).stderr, /access denied/);
  },
);

test.serial('the plan and check say what is not covered', async t => {
  const { control, keep } = await bootProtection(t);
  const planned = await keep('check', [PROTECTED]);
  t.is((await keep('apply', [PROTECTED])).exitCode, 0);
  const proved = await keep('check', [PROTECTED]);
  for (const { notes } of [planned, proved]) {
    const said = notes.join('\n');
    for (const gap of [/root/, /power|crash/, /kill/, /host.*(shut|power)|shutdown of the host/]) {
      t.regex(said, gap);
    }
  }
  const told = await control.run('check', 'site.yml', '-i', 'hosts.ini');
  t.regex(told.stdout + told.stderr, /root/);
});

test.serial('a patched libvirt gets a veto hook as well, and removal takes it away', async t => {
  const { host, control, keep } = await bootProtection(t);
  await control.write(
    'hosts.ini',
    `[hypervisors]\nkvm1 ansible_host=${host.address}\n[all:vars]\nansible_user=ops\nlibvirt_extra_operations="['stop']"\n`,
  );
  const applied = await keep('apply', [PROTECTED]);
  t.is(applied.exitCode, 0, applied.output);
  const { stdout } = await host.exec('find /etc/libvirt/hooks/qemu.d -type f');
  const hook = stdout.trim();
  t.regex(hook, /^\/etc\/libvirt\/hooks\/qemu\.d\/\S+$/);
  const asked = async (domain: string, operation: string) =>
    host.exec(
      [
        'sh',
        '-c',
        `printf '<domain><name>%s</name></domain>' "$1" | env -i PATH=/usr/bin:/bin "$0" "$1" "$2" begin -`,
        hook,
        domain,
        operation,
      ],
      { reject: false },
    );
  const veto = await asked(PROTECTED, 'stop');
  t.not(veto.exitCode, 0);
  t.regex(veto.stderr, /protected/);
  t.is(veto.stdout, '');
  for (const [domain, operation] of [
    [FREE, 'stop'],
    [PROTECTED, 'prepare'],
    [PROTECTED, 'reconnect'],
    [PROTECTED, 'migrate'],
  ] as const) {
    const { exitCode, stdout, stderr } = await asked(domain, operation);
    t.deepEqual([exitCode, stdout, stderr], [0, '', ''], `${domain} ${operation}`);
  }
  t.is((await keep('apply', [])).exitCode, 0);
  t.is((await host.exec('find /etc/libvirt/hooks -mindepth 1')).stdout, '');
});
