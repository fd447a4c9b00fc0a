/** What may become of a protection on the host: check sees it, apply mends it, and no guest notices. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { guestPids, restartLibvirtd } from './libvirt.ts';
import {
  bootProtection,
  FREE,
  OPERATOR,
  PROTECTED,
  type Protection,
  putRule,
  RULES,
  settings,
  virshAs,
} from './protected-fleet.ts';

const LIST = '/etc/libvirt/protected-domains';
const CONF = '/etc/libvirt/libvirtd.conf';

async function rulesOf({ host }: Protection): Promise<string[]> {
  const { stdout } = await host.exec(['find', RULES, '-type', 'f']);
  return stdout.split('\n').filter(Boolean);
}

/** The rule file of hookfleet that names the protected domain. */
async function denyingRule({ host }: Protection): Promise<string> {
  return (await host.exec(`grep -rlF '"${PROTECTED}"' ${RULES}`)).stdout.trim();
}

/** Does the damage, and fails where check does not see it, or apply does not mend it, or a guest notices. */
async function seenAndMended(
  t: ExecutionContext,
  site: Protection,
  what: string,
  damage: string,
  sees: RegExp = /./,
): Promise<void> {
  const { host, keep } = site;
  const whole = await settings(host);
  const guests = await guestPids(host);
  await host.exec(damage);
  const damaged = await settings(host);
  const seen = await keep('check', [PROTECTED]);
  t.deepEqual([seen.exitCode, seen.outcome], [3, 'drifted'], `${what}: ${seen.output}`);
  t.regex(seen.changes.join('\n'), sees, what);
  t.deepEqual(await settings(host), damaged, `${what}: check has changed something`);
  const mended = await keep('apply', [PROTECTED]);
  t.deepEqual([mended.exitCode, mended.outcome], [0, 'changed'], `${what}: ${mended.output}`);
  t.deepEqual(await settings(host), whole, what);
  t.regex((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).stderr, /access denied/, what);
  t.is((await virshAs(host, OPERATOR, 'reset', FREE)).exitCode, 0, what);
  t.deepEqual(await guestPids(host), guests, what);
  t.is((await keep('check', [PROTECTED])).exitCode, 0, what);
}

test.serial('a rule that was edited, broken, hidden from polkitd or removed is seen and mended', async t => {
  const site = await bootProtection(t);
  t.is((await site.keep('apply', [PROTECTED])).exitCode, 0);
  const rule = await denyingRule(site);
  await seenAndMended(t, site, 'the name is gone', `sed -i 's/${PROTECTED}/db-2/g' ${rule}`);
  for (const file of await rulesOf(site)) {
    await seenAndMended(t, site, `${file}: a syntax error`, `echo '}' >> ${file}`);
    await seenAndMended(t, site, `${file}: unreadable`, `chmod 0600 ${file}`);
    await seenAndMended(t, site, `${file}: writable by all`, `chmod 0666 ${file}`);
    await seenAndMended(t, site, `${file}: gone`, `rm ${file}`);
  }
});

test.serial(
  'a list that was edited, hidden or removed is seen and mended, and protects all the while',
  async t => {
    const site = await bootProtection(t);
    const { host, keep } = site;
    t.is((await keep('apply', [PROTECTED])).exitCode, 0);
    for (const damage of [`echo db-9 >> ${LIST}`, `chmod 0000 ${LIST}`, `rm ${LIST}`]) {
      await host.exec(damage);
      t.regex((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).stderr, /access denied/, damage);
      await host.exec(`rm -f ${LIST}`);
      t.is((await keep('apply', [PROTECTED])).exitCode, 0);
      await seenAndMended(t, site, damage, damage);
    }
    await host.exec('chmod 0700 /etc/libvirt');
    t.regex((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).stderr, /access denied/);
    t.is((await keep('check', [PROTECTED])).exitCode, 0, 'rpm packages make the folder so');
  },
);

test.serial('access control that was switched off is seen, before and after the restart', async t => {
  const site = await bootProtection(t);
  t.is((await site.keep('apply', [PROTECTED])).exitCode, 0);
  const off = `sed -i '/^access_drivers/d' ${CONF}`;
  await seenAndMended(t, site, 'switched off in the file alone', off);
  await seenAndMended(t, site, 'switched off and restarted', `${off}; systemctl restart libvirtd`);
});

test.serial('a rule of the site that came since and answers first is seen, and left to the site', async t => {
  const { host, keep } = await bootProtection(t);
  t.is((await keep('apply', [PROTECTED])).exitCode, 0);
  await putRule(
    host,
    '!site.rules',
    `if (action.id.indexOf('org.libvirt.api.') === 0 && subject.isInGroup('libvirt')) { return polkit.Result.YES; }`,
  );
  const before = await settings(host);
  for (const command of ['check', 'apply'] as const) {
    const { exitCode, outcome, output } = await keep(command, [PROTECTED]);
    t.deepEqual([exitCode, outcome], command === 'check' ? [3, 'drifted'] : [1, 'failed'], output);
    t.regex(output, /!site\.rules/);
    t.deepEqual(await settings(host), before);
  }
});

test.serial(
  'a daemon that was not restarted since is seen, though all files are as they should be',
  async t => {
    const site = await bootProtection(t);
    const { host, keep } = site;
    const before = await readFile(join(host.root, CONF), 'utf8');
    t.is((await keep('apply', [PROTECTED])).exitCode, 0);
    const after = await readFile(join(host.root, CONF), 'utf8');
    await host.exec(['sh', '-ec', 'printf %s "$1" > "$2"', 'sh', before, CONF]);
    await restartLibvirtd(host);
    await host.exec(['sh', '-ec', 'printf %s "$1" > "$2"', 'sh', after, CONF]);
    await seenAndMended(t, site, 'not restarted', 'true');
  },
);

test.serial(
  'other lines of the configuration stay, and an older setting comes back with the removal',
  async t => {
    const { host, keep } = await bootProtection(t);
    await host.exec(`sed -i '1i access_drivers = [ "none" ]' ${CONF}; systemctl restart libvirtd`);
    const before = await settings(host);
    t.is((await keep('apply', [PROTECTED])).exitCode, 0);
    t.regex((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).stderr, /access denied/);
    t.is((await keep('apply', [])).exitCode, 0);
    t.deepEqual(await settings(host), before);

    t.is((await keep('apply', [PROTECTED])).exitCode, 0);
    await host.exec(`echo 'max_clients = 4999' >> ${CONF}`);
    const removed = await keep('apply', []);
    t.is(removed.exitCode, 0, removed.output);
    const conf = await readFile(join(host.root, CONF), 'utf8');
    t.regex(conf, /^max_clients = 4999$/m, 'what an administrator wrote meanwhile stays');
    t.notRegex(conf, /^access_drivers.*polkit/m);
    t.is((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).exitCode, 0);
  },
);
