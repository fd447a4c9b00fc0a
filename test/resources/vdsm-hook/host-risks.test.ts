import test, { type ExecutionContext } from 'ava';
import type { HostRisk } from '../../../src/catalog/hooks.ts';
import { lines } from '../../../src/core/sh.ts';
import { readRisks, riskProbes } from '../../../src/resources/vdsm-hook/host-risks.ts';
import { vdsmHookResource } from '../../../src/resources/vdsm-hook/vdsm-hook.ts';
import { inRoot } from '../in-root.ts';

const CONF = 'etc/vhostmd/vhostmd.conf';

async function found(
  t: ExecutionContext,
  risk: HostRisk,
  files: Readonly<Record<string, string>>,
  programs: Readonly<Record<string, string>> = {},
) {
  const { stdout, stderr, exitCode } = await inRoot(t, lines(riskProbes([risk])), {
    files,
    programs: { rpm: 'exit 1', id: 'exit 1', ...programs },
  });
  t.is(stderr, '');
  return readRisks({ stdout: `${stdout}\n`, stderr, exitCode: exitCode ?? 1 }).get(risk);
}

const XML =
  '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE vhostmd SYSTEM "vhostmd.dtd">\n<vhostmd a="1">ä<b/></vhostmd>\n';

test('a document is well-formed as the hook itself reads it; its DTD is not fetched', async t => {
  t.deepEqual(await found(t, 'no-vhostmd-conf', { [CONF]: XML }), { mayCome: false });
});

for (const [what, text, reason] of [
  ['a tag that is not closed', '<a><b></a>', /mismatched tag: line 1, column 8/],
  ['an empty file', '', /no element found/],
  ['text', 'interval = 5\n', /syntax error/],
  ['an ampersand', '<a>&</a>', /not well-formed/],
  ['two roots', '<a/><b/>', /junk after document element/],
] as const) {
  test(`not well-formed: ${what}`, async t => {
    const { because, mayCome } = (await found(t, 'no-vhostmd-conf', { [CONF]: text })) ?? {};
    t.regex(because ?? '', /^\/etc\/vhostmd\/vhostmd\.conf of this host is no well-formed XML \(/);
    t.regex(because ?? '', reason);
    t.false(mayCome);
  });
}

test('a missing file may come with the package of vhostmd, unless that is there', async t => {
  t.deepEqual(await found(t, 'no-vhostmd-conf', {}), {
    because: '/etc/vhostmd/vhostmd.conf is not on this host',
    mayCome: true,
  });
  t.like(await found(t, 'no-vhostmd-conf', {}, { rpm: 'exit 0' }), { mayCome: false });
});

test('a file is read as user vdsm, where there is one', async t => {
  const programs = { id: 'exit 0', runuser: 'printf "unreadable\\tPermission denied\\n"' };
  const { because } = (await found(t, 'no-vhostmd-conf', { [CONF]: XML }, programs)) ?? {};
  t.is(because, 'User vdsm cannot read /etc/vhostmd/vhostmd.conf of this host (Permission denied)');
});

test('where python3 fails, the file counts as not well-formed: the hook needs it too', async t => {
  const { because, mayCome } =
    (await found(t, 'no-vhostmd-conf', { [CONF]: XML }, { python3: 'exit 3' })) ?? {};
  t.is(because, 'python3 of this host cannot read /etc/vhostmd/vhostmd.conf');
  t.false(mayCome);
});

test('guestfs counts as there where python3 can import it, or its package is installed', async t => {
  const python3 = (exit: number) => ({ python3: `exit ${exit}` });
  t.deepEqual(await found(t, 'no-guestfs', {}, python3(0)), { mayCome: false });
  t.deepEqual(await found(t, 'no-guestfs', {}, python3(1)), {
    because: 'python3-libguestfs is not on this host',
    mayCome: true,
  });
  const both = await found(t, 'no-guestfs', {}, { ...python3(1), rpm: 'exit 0' });
  t.is(both?.because, undefined);
  t.regex(both?.note ?? '', /cannot import guestfs/);
});

test('a probe asks for a condition only where a hook has it, and once', t => {
  const probe = (...risks: readonly (HostRisk | undefined)[]) =>
    vdsmHookResource.probe(
      risks.map(risk => ({ name: 'a', package: 'a', state: 'present', ...(risk ? { risk } : {}) })),
    ).text;
  t.notRegex(probe(undefined), /guestfs|vhostmd/);
  t.is(probe('no-guestfs', undefined, 'no-guestfs').split('import guestfs').length, 2);
  t.notRegex(probe('no-guestfs'), /vhostmd/);
});
