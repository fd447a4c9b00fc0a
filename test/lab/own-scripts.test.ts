import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Change } from '../../src/core/change.ts';
import type { HookFile } from '../../src/core/hook-file.ts';
import type { Session } from '../../src/remote/script/session.ts';
import { bind } from '../../src/resources/bound.ts';
import { type HookFoldersWanted, hookFolderResource } from '../../src/resources/files/hook-folder.ts';
import type { SiteHook } from '../../src/resources/files/hook-script.ts';
import { workOnHost } from '../../src/run/host.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { login } from './login.ts';

const HOOKS = '/usr/libexec/vdsm/hooks';
const SH = '#!/bin/sh\n';

function script(path: string, text: string, more: Partial<HookFile> = {}): HookFile {
  const [event = '', name = ''] = path.split('/');
  const content = Buffer.from(text);
  return {
    event,
    name,
    mode: 0o755,
    base64: content.toString('base64'),
    sha256: createHash('sha256').update(content).digest('hex'),
    programs: ['/bin/sh'],
    ...more,
  };
}

function hook(...files: readonly HookFile[]): SiteHook {
  return { name: 'audit', state: 'present', files };
}

const ABSENT: SiteHook = { name: 'audit', state: 'absent', files: [] };

function wanted(hooks: readonly SiteHook[], more: Partial<HookFoldersWanted> = {}): HookFoldersWanted {
  return {
    playbook: 'site.yml',
    hooks,
    namedElsewhere: [],
    unmanaged: 'report',
    namedOnly: false,
    ...more,
  };
}

async function work(session: Session, wish: HookFoldersWanted, apply: boolean) {
  const resources = [bind(hookFolderResource, wish)];
  const result = await workOnHost(
    session,
    {
      resources,
      apply,
      become: true,
      abort: new AbortController().signal,
      holder: 'ana@ops1',
      runId: 'r1',
      lockWaitSeconds: 60,
    },
    () => {},
  );
  return { ...result, did: result.changes.map(asText) };
}

function asText({ action, id }: Change): string {
  return `${action} ${id.replace(`${HOOKS}/`, '')}`;
}

/** What lies in the hook folders, with owner and mode, and the list, as a person would look. */
async function look(host: LabHost): Promise<string[]> {
  const { stdout } = await host.exec(`cd ${HOOKS}; find . -mindepth 2 -printf '%M %u:%g %P\\n' | sort -k 3`);
  return stdout.split('\n').filter(Boolean);
}

async function placed(host: LabHost): Promise<string[]> {
  const text = await readFile(join(host.root, 'var/lib/hookfleet/placed'), 'utf8');
  return text.split('\n').map(line => line.replace(`${HOOKS}/`, '').replaceAll(/\t[0-9a-f]{64}\t/g, ' '));
}

const AUDIT = script('before_vm_start/50_audit', `${SH}echo audit\n`);
const LIBRARY = script('before_vm_start/audit_lib.py', 'limit = 5\n', { mode: 0o644, programs: [] });

test('an own hook is placed, kept, brought up to date and removed, and nothing else is touched', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  await host.exec(
    `cd ${HOOKS}; printf 'x = 1\\n' >before_vm_start/notes.txt; find / -xdev -newer /etc/passwd -type f >/dev/null`,
  );
  const wish = wanted([hook(AUDIT, LIBRARY)]);

  const drift = await work(session, wish, false);
  t.is(drift.outcome, 'drifted');
  t.deepEqual(drift.did, [
    'place audit before_vm_start/50_audit',
    'place audit before_vm_start/audit_lib.py',
  ]);
  t.deepEqual((await look(host)).length, 1, 'check changes nothing');

  const first = await work(session, wish, true);
  t.is(first.outcome, 'changed', JSON.stringify(first.error));
  t.deepEqual(await look(host), [
    '-rwxr-xr-x root:root before_vm_start/50_audit',
    '-rw-r--r-- root:root before_vm_start/audit_lib.py',
    '-rw-r--r-- root:root before_vm_start/notes.txt',
  ]);
  t.is((await host.exec(`runuser -u vdsm -- ${HOOKS}/before_vm_start/50_audit`)).stdout, 'audit\n');
  t.deepEqual(await placed(host), [
    'before_vm_start/50_audit audit\tsite.yml',
    'before_vm_start/audit_lib.py audit\tsite.yml',
    '',
  ]);
  t.deepEqual(await readdir(join(host.root, 'var/lib/hookfleet')), ['placed']);

  await host.resetSshLog();
  t.is((await work(session, wish, true)).outcome, 'ok');
  t.is((await host.sshLog()).execs, 1, 'an unchanged host costs one exec');

  await host.exec(
    `cd ${HOOKS}/before_vm_start; echo 'exit 2' >>50_audit; chmod 0777 audit_lib.py; chown vdsm:kvm audit_lib.py`,
  );
  const second = await work(session, wish, true);
  t.is(second.outcome, 'changed');
  t.deepEqual(second.did.toSorted(), [
    'content audit before_vm_start/50_audit',
    'mode audit before_vm_start/audit_lib.py',
    'owner audit before_vm_start/audit_lib.py',
  ]);

  const renamed = wanted([hook(script('before_vm_start/60_audit', `${SH}echo audit\n`))]);
  const third = await work(session, renamed, true);
  t.is(third.outcome, 'changed', JSON.stringify(third.error));
  t.deepEqual(third.did, [
    'place audit before_vm_start/60_audit',
    'remove audit before_vm_start/50_audit',
    'remove audit before_vm_start/audit_lib.py',
  ]);
  t.deepEqual(await placed(host), ['before_vm_start/60_audit audit\tsite.yml', '']);

  const last = await work(session, wanted([ABSENT]), true);
  t.is(last.outcome, 'changed');
  t.deepEqual(await look(host), ['-rw-r--r-- root:root before_vm_start/notes.txt']);
  t.deepEqual(await placed(host), ['']);
  t.is((await work(session, wanted([ABSENT]), true)).outcome, 'ok');
});

test('what stands in the way is replaced, a folder with files in it is not', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  await host.exec(
    `cd ${HOOKS}; ln -s /etc/passwd before_vm_start/50_audit; mkdir after_vm_start/50_audit; mkdir -p after_vm_stop.x`,
  );
  const wish = wanted([hook(AUDIT, script('after_vm_start/50_audit', SH))]);
  t.is((await work(session, wish, true)).outcome, 'changed');
  t.regex((await host.exec('cat /etc/passwd')).stdout, /^root:/, 'the target of the link is as it was');

  await host.exec(`cd ${HOOKS}/before_vm_start; rm 50_audit; mkdir 50_audit; touch 50_audit/precious`);
  const { outcome, error } = await work(session, wish, true);
  t.is(outcome, 'failed');
  t.regex(error?.message ?? '', /A folder with files in it stands where/);
  await host.exec(`test -e ${HOOKS}/before_vm_start/50_audit/precious`);
});

test('nothing of a hook is copied to a host that lacks an interpreter of it', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  const other = script('after_vm_start/50_audit', '#!/usr/bin/env nosuch\n', {
    programs: ['/usr/bin/env', 'nosuch'],
  });
  const { outcome, error } = await work(session, wanted([hook(AUDIT, other)]), true);
  t.is(outcome, 'failed');
  t.regex(error?.message ?? '', /its interpreter nosuch is not on this host/);
  t.deepEqual(await look(host), []);
});

test('a path that an installed package owns is refused, also while its file is missing or comes in between', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  const wish = wanted([hook(script('before_vm_start/50_diskunmap', SH))]);
  const bound = bind(hookFolderResource, wish);
  const run = { become: true, timeoutSeconds: 60, stopAtFailure: true };
  const [early] = await session.run([bound.probe], { ...run, stopAtFailure: false });
  const steps = early ? bound.plan(early).steps() : [];
  t.true(steps.length > 1);

  await host.exec('dnf -y install vdsm-hook-diskunmap');
  const replies = await session.run(
    steps.map(step => step.script),
    run,
  );
  t.regex(replies.at(-1)?.stderr ?? '', /the package vdsm-hook-diskunmap owns it/);
  await host.exec('rpm -V vdsm-hook-diskunmap');

  for (const damage of ['true', `rm ${HOOKS}/before_vm_start/50_diskunmap`]) {
    await host.exec(damage);
    const { outcome, error } = await work(session, wish, true);
    t.is(outcome, 'failed');
    t.regex(error?.message ?? '', /belongs to the installed package vdsm-hook-diskunmap/);
  }
  t.deepEqual(await look(host), []);
});

test('what VDSM would run and nobody brought is drift; it is removed only with unmanaged: remove', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  await host.exec(`dnf -y install vdsm-hook-vhostmd vdsm-hook-diskunmap
cd ${HOOKS}/before_vm_start
for name in 50_x.rpmsave 50_diskunmap~ 'with blank' .hidden '*'; do printf '#!/bin/sh\\n' >"$name"; chmod 755 "$name"; done
printf '#!/bin/sh\\n' >not_executable
ln -s 50_diskunmap 70_link
ln -s nowhere 80_dangling
mkdir folder ../no_event
cp 50_x.rpmsave folder/x; cp 50_x.rpmsave ../no_event/x; cp 50_x.rpmsave ../before_network_setup/10_root; chmod 700 ../before_network_setup/10_root`);
  const before = await look(host);
  const found = [
    'before_network_setup/10_root',
    'before_vm_start/*',
    'before_vm_start/50_diskunmap~',
    'before_vm_start/50_x.rpmsave',
    'before_vm_start/70_link',
    'before_vm_start/with blank',
  ];
  const wish = wanted([hook(AUDIT)]);
  const check = await work(session, wanted([]), false);
  t.is(check.outcome, 'drifted');
  t.deepEqual(
    check.did,
    found.map(path => `unmanaged ${path}`),
  );
  const applied = await work(session, wish, true);
  t.is(applied.outcome, 'changed', 'what is left alone spoils nothing');
  t.deepEqual(applied.did, ['place audit before_vm_start/50_audit']);
  t.is((await work(session, wish, true)).outcome, 'ok');

  const limited = await work(session, wanted([hook(AUDIT)], { unmanaged: 'remove', namedOnly: true }), true);
  t.is(limited.outcome, 'ok');

  const removed = await work(session, wanted([hook(AUDIT)], { unmanaged: 'remove' }), true);
  t.is(removed.outcome, 'changed', JSON.stringify(removed.error));
  t.deepEqual(
    removed.did,
    found.map(path => `remove ${path}`),
  );
  const gone = new Set(found);
  const left = before.filter(line => !gone.has(line.replace(/^\S+ \S+ /, '')));
  t.deepEqual(
    (await look(host)).filter(line => !line.endsWith('/50_audit')),
    left,
  );
  await host.exec('rpm -V vdsm-hook-vhostmd vdsm-hook-diskunmap vdsm');
  t.is((await work(session, wanted([hook(AUDIT)], { unmanaged: 'remove' }), true)).outcome, 'ok');
});

test('a script of one’s own that has become a package’s, the same to the letter, is the package’s', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  const own = script('before_vm_start/60_siteaudit', `${SH}. /etc/vdsm/siteaudit.conf\n`);
  t.is((await work(session, wanted([hook(own)]), true)).outcome, 'changed');
  await host.exec('dnf -q -y install vdsm-hook-siteaudit');
  for (const unmanaged of ['report', 'remove'] as const) {
    t.deepEqual((await work(session, wanted([], { unmanaged }), true)).did, []);
  }
  t.deepEqual(await look(host), ['-rwxr-xr-x root:root before_vm_start/60_siteaudit']);
});

test('a file whose package comes in the same run is not removed', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  await host.exec(
    `printf '#!/bin/sh\\n' >${HOOKS}/before_vm_start/50_diskunmap; chmod 755 ${HOOKS}/before_vm_start/50_diskunmap`,
  );
  const bound = bind(hookFolderResource, wanted([], { unmanaged: 'remove' }));
  const run = { become: true, timeoutSeconds: 60, stopAtFailure: true };
  const [early] = await session.run([bound.probe], { ...run, stopAtFailure: false });
  const steps = early ? bound.plan(early).steps() : [];
  t.deepEqual(
    steps.map(step => step.title),
    [`remove ${HOOKS}/before_vm_start/50_diskunmap`],
  );
  await host.exec('dnf -y install vdsm-hook-diskunmap');
  await session.run(
    steps.map(step => step.script),
    run,
  );
  await host.exec('rpm -V vdsm-hook-diskunmap');
});

test('playbooks leave each other’s hooks alone, and take their own with them', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  const mine = wanted([hook(AUDIT)]);
  const theirs = wanted([{ ...hook(script('after_vm_start/50_theirs', SH)), name: 'theirs' }], {
    playbook: 'other.yml',
    unmanaged: 'remove',
  });
  t.is((await work(session, mine, true)).outcome, 'changed');
  const second = await work(session, theirs, true);
  t.deepEqual(second.did, ['place theirs after_vm_start/50_theirs']);
  t.regex(second.notes.join(), /The hook audit of the playbook site.yml is on this host too/);

  const clash = await work(session, wanted([hook(AUDIT)], { playbook: 'third.yml' }), true);
  t.is(clash.outcome, 'failed');
  t.regex(clash.error?.message ?? '', /two playbooks cannot keep one file/);

  const forgotten = await work(session, wanted([]), false);
  t.deepEqual(forgotten.did, ['unmanaged audit before_vm_start/50_audit']);
  t.is((await work(session, wanted([]), true)).outcome, 'ok');
  const removed = await work(session, wanted([], { unmanaged: 'remove' }), true);
  t.deepEqual(removed.did, ['remove audit before_vm_start/50_audit']);
  t.deepEqual(await look(host), ['-rwxr-xr-x root:root after_vm_start/50_theirs']);
});

test('a host without VDSM gets the folders too, and a note', async t => {
  const host = await boot(t, { name: 'kvm', vdsm: 'none' });
  const session = await login(t, host);
  const { outcome, notes, error } = await work(session, wanted([hook(AUDIT)]), true);
  t.is(outcome, 'changed', JSON.stringify(error));
  t.deepEqual(notes, ['VDSM is not installed on this host: nothing runs the hooks there']);
  t.is((await host.exec(`stat -c '%A %U:%G' ${HOOKS}/before_vm_start`)).stdout, 'drwxr-xr-x root:root\n');
});

test('oVirt Node is told apart, and so is a host where fapolicyd is active', async t => {
  const host = await boot(t, { name: 'node' });
  const session = await login(t, host);
  await host.exec(`rm -f /etc/os-release
printf 'ID="centos"\\nVARIANT_ID="ovirt-node"\\n' >/etc/os-release
printf '[Service]\\nExecStart=/bin/sleep infinity\\n' >/usr/lib/systemd/system/fapolicyd.service
systemctl daemon-reload; systemctl start fapolicyd`);
  const { notes } = await work(session, wanted([hook(AUDIT)]), false);
  t.regex(notes.join('\n'), /oVirt Node: .*`rpm:`/);
  t.regex(notes.join('\n'), /fapolicyd is active/);
  await host.exec('systemctl stop fapolicyd; echo ID=centos >/etc/os-release');
  t.deepEqual((await work(session, wanted([hook(AUDIT)]), false)).notes, []);
});

test('a full disk leaves the script that was there, and says so', async t => {
  const host = await boot(t, { name: 'hv', diskSize: '2m' });
  const session = await login(t, host);
  t.is((await work(session, wanted([hook(AUDIT)]), true)).outcome, 'changed');
  await host.exec('dd if=/dev/zero of=/var/tmp/filling bs=4k 2>/dev/null || true');
  const larger = script('before_vm_start/50_audit', `${SH}${'# much more\n'.repeat(2000)}`);
  const { outcome, error } = await work(session, wanted([hook(larger)]), true);
  t.is(outcome, 'failed');
  t.is(error?.message, 'The disk of this host is full');
  t.is(await readFile(join(host.root, HOOKS, 'before_vm_start/50_audit'), 'utf8'), `${SH}echo audit\n`);
  t.deepEqual((await look(host)).length, 1);
});

test('a run that ends after any of its steps leaves whole scripts, and the next one finishes its work', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  const start = wanted([hook(AUDIT, LIBRARY)]);
  const end = wanted([
    hook(script('before_vm_start/50_audit', `${SH}exit 0\n`), script('after_vm_start/60_audit', SH)),
  ]);
  const run = { become: true, timeoutSeconds: 60, stopAtFailure: true };
  const bound = bind(hookFolderResource, end);
  for (let done = 0; ; done += 1) {
    await host.exec(`rm -rf ${HOOKS}/*/*audit* /var/lib/hookfleet`);
    t.is((await work(session, start, true)).outcome, 'changed');
    const [reply] = await session.run([bound.probe], { ...run, stopAtFailure: false });
    const steps = reply ? bound.plan(reply).steps() : [];
    await session.run(
      steps.slice(0, done).map(step => step.script),
      run,
    );
    const { outcome, error } = await work(session, end, true);
    t.is(outcome, done < steps.length - 1 ? 'changed' : 'ok', `after ${done}: ${JSON.stringify(error)}`);
    t.deepEqual(await look(host), [
      '-rwxr-xr-x root:root after_vm_start/60_audit',
      '-rwxr-xr-x root:root before_vm_start/50_audit',
    ]);
    if (done === steps.length) {
      break;
    }
  }
  t.is((await work(session, wanted([ABSENT]), true)).outcome, 'changed');
  t.deepEqual(await look(host), []);
  t.deepEqual(await placed(host), ['']);
});
