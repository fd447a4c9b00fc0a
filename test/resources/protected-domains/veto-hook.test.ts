/** The hook that a patched libvirt asks before it stops a domain, as the shells of hosts run it. */
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { VETO } from '../../../src/resources/protected-domains/veto-hook.ts';

const SHELLS = [['dash'], ['bash', '--posix']] as const;
const UUID = '4dea22b3-1d52-d8f3-2516-782e98ab3fa0';
const xml = (uuid: string) =>
  `<domain type='kvm' id='7'>\n  <name>x</name>\n  <uuid>${uuid}</uuid>\n</domain>\n`;

interface Called {
  readonly list?: string | Buffer | null;
  readonly operation?: string;
  readonly uuid?: string;
  readonly stdin?: string;
  /** Shell text by the name of the program that it stands for; without any, there is nothing in the PATH. */
  readonly programs?: Readonly<Record<string, string>>;
}

const ROOT = { id: 'echo 0' };

/** Calls the hook for a domain, from a folder that stands for /etc/libvirt. */
async function call(t: ExecutionContext, shell: readonly string[], name: string, about: Called) {
  const { list = null, operation = 'stop', uuid = '', programs = ROOT } = about;
  const root = await mkdtemp(join(tmpdir(), 'hookfleet-veto-'));
  t.teardown(() => rm(root, { recursive: true }));
  const folder = join(root, 'hooks/qemu.d');
  await mkdir(folder, { recursive: true });
  await mkdir(join(root, 'bin'));
  for (const [program, text] of Object.entries(programs)) {
    await writeFile(join(root, 'bin', program), `#!/bin/sh\n${text}\n`);
    await chmod(join(root, 'bin', program), 0o755);
  }
  if (list !== null) {
    await writeFile(join(root, 'protected-domains'), list);
  }
  await writeFile(join(folder, VETO.name), VETO.text);
  return execa(
    `/bin/${shell[0]}`,
    [...shell.slice(1), join(folder, VETO.name), name, operation, 'begin', '-'],
    {
      env: { PATH: join(root, 'bin'), LC_ALL: 'C' },
      extendEnv: false,
      input: about.stdin ?? xml(uuid),
      reject: false,
      timeout: 30_000,
    },
  );
}

const REFUSED =
  /^hookfleet: the domain .* is protected, so it is not stopped \(\/etc\/libvirt\/protected-domains\)$/;

for (const shell of SHELLS) {
  const title = (text: string) => `${shell.join(' ')}: ${text}`;

  for (const [what, list, name, uuid] of [
    ['a name', 'db-1\n', 'db-1', ''],
    ['a UUID, whatever the domain is called', `${UUID}\n`, 'renamed', UUID],
    ['a comment behind the name (fault 5)', 'db-1   # prod db\n', 'db-1', ''],
    ['blanks behind the name (fault 6)', 'db-1 \t \n', 'db-1', ''],
    ['blanks before the name (fault 6)', ' \t db-1\n', 'db-1', ''],
    ['line ends of Windows (fault 6)', 'a\r\ndb-1\r\n', 'db-1', ''],
    ['line ends of Windows behind blanks (fault 6)', 'db-1 \r\n', 'db-1', ''],
    ['a byte order mark (fault 6)', '\ufeffdb-1\n', 'db-1', ''],
    ['a # within the name (fault 7)', 'db#1\n', 'db#1', ''],
    ['no line feed at the end (fault 13)', 'a\ndb-1', 'db-1', ''],
    ['a blank within the name', 'my db\n', 'my db', ''],
    ['a leading hyphen', '-n\n', '-n', ''],
    ['what a pattern would be', 'a*\n', 'a*', ''],
    ['a backslash', 'a\\tb\n', 'a\\tb', ''],
    ['bytes beyond ASCII', 'café\n', 'café', ''],
  ] as const) {
    test(title(`refused: ${what}`), async t => {
      const { exitCode, stdout, stderr } = await call(t, shell, name, { list, uuid });
      t.is(exitCode, 1);
      t.is(stdout, '');
      t.regex(stderr, REFUSED);
      t.true(stderr.includes(name));
    });
  }

  for (const [what, list, name, uuid] of [
    ['another name', 'db-1\n', 'db-2', ''],
    ['a part of a name', 'db-11\n', 'db-1', ''],
    ['a name before a # within it (fault 7)', 'db#1\n', 'db', ''],
    ['a comment', '# db-1\n #db-1\n\t# x\n', 'db-1', ''],
    ['an empty list', '', 'db-1', ''],
    ['empty lines, and a domain without a UUID', '\n \n', 'db-1', ''],
    ['a pattern that would match', 'd*\n', 'db-1', ''],
    ['another UUID', `${UUID}\n`, 'db-1', UUID.replace('4', '5')],
  ] as const) {
    test(title(`let pass: ${what}`), async t => {
      const { exitCode, stdout, stderr } = await call(t, shell, name, { list, uuid });
      t.is(exitCode, 0);
      t.is(stdout + stderr, '');
    });
  }

  test(
    title('any other operation passes, without a list and without a program (faults 14 and 18)'),
    async t => {
      for (const operation of [
        'prepare',
        'reconnect',
        'migrate',
        'restore',
        'release',
        'stopped',
        'unknown',
        '',
      ]) {
        const { exitCode, stdout, stderr } = await call(t, shell, 'db-1', { operation, programs: {} });
        t.is(exitCode, 0, operation);
        t.is(stdout + stderr, '');
      }
    },
  );

  test(title('refused where the list is not there (fault 8)'), async t => {
    const { exitCode, stdout, stderr } = await call(t, shell, 'db-1', {});
    t.is(exitCode, 1);
    t.is(stdout, '');
    t.is(stderr, 'hookfleet: the list of protected domains is not there, so no domain is stopped');
  });

  test(title('refused where the list is a folder or a link that leads nowhere (fault 8)'), async t => {
    const root = await mkdtemp(join(tmpdir(), 'hookfleet-veto-'));
    t.teardown(() => rm(root, { recursive: true }));
    await mkdir(join(root, 'hooks/qemu.d'), { recursive: true });
    const hook = join(root, 'hooks/qemu.d', VETO.name);
    await writeFile(hook, VETO.text);
    const run = () =>
      execa(`/bin/${shell[0]}`, [...shell.slice(1), hook, 'db-1', 'stop', 'begin', '-'], {
        input: '',
        reject: false,
      });
    await mkdir(join(root, 'protected-domains'));
    t.is((await run()).exitCode, 1);
    await rm(join(root, 'protected-domains'), { recursive: true });
    await symlink('/nonexistent', join(root, 'protected-domains'));
    t.is((await run()).exitCode, 1);
  });

  test(title('it takes no program to refuse, not even `id` (faults 3 and 9)'), async t => {
    for (const programs of [{}, { id: 'exit 1' }]) {
      t.is((await call(t, shell, 'db-1', { list: 'db-1\n', programs })).exitCode, 1);
      t.is((await call(t, shell, 'db-2', { list: 'db-1\n', programs })).exitCode, 0);
    }
  });

  test(title('the domains of an ordinary user are his own'), async t => {
    const programs = { id: 'echo 1000' };
    t.is((await call(t, shell, 'db-1', { list: 'db-1\n', programs })).exitCode, 0);
    t.is((await call(t, shell, 'db-1', { programs })).exitCode, 0);
  });

  for (const stdin of ['', 'no XML', '<uuid>', `</uuid>${UUID}<uuid>`, 'x'.repeat(200_000), '\n\n']) {
    test(title(`a stdin that tells nothing: ${JSON.stringify(stdin.slice(0, 20))}`), async t => {
      t.is((await call(t, shell, 'db-1', { list: 'db-1\n', stdin })).exitCode, 1);
      t.is((await call(t, shell, 'db-2', { list: `db-1\n${UUID}\n`, stdin })).exitCode, 0);
    });
  }
}

test('it writes nothing but its refusal, calls nobody, and names no folder but its own', t => {
  t.notRegex(VETO.text, /\/tmp|logger|virsh|<\(|\bset -e\b/);
  t.regex(VETO.text, /^#!\/bin\/sh\n/);
});
