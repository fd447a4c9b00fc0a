import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { BIN } from './fleet.ts';
import { boot } from './in-test.ts';
import { labKeys } from './keys.ts';

const PAGE = new URL('../../docs/writing-hooks.md', import.meta.url);

/** The exit codes that are not 0, by command: the first time it stands there, the second time … */
const EXIT_CODES: Readonly<Record<string, readonly number[]>> = {
  'hookfleet check vm_title.yml': [3],
  'hookfleet hooks try hooks/vm_title': [0, 2],
};

type Step = { readonly command: string } | { readonly file: string; readonly text: string };

/** What the page shows, in order: files with their text, named in the line above them, and commands. */
function stepsOf(page: string): readonly Step[] {
  const blocks = page.matchAll(/(?:^`([\w./-]+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, named, language, text = '']): Step[] => {
    const file = language === 'spec' ? 'vdsm-hook-vm_title.spec' : named;
    return language === 'sh'
      ? text.split('\n').flatMap(command => (command === '' ? [] : [{ command }]))
      : file === undefined
        ? []
        : [{ file, text }];
  });
}

async function setUp(t: ExecutionContext) {
  const [engine, ...hypervisors] = await Promise.all([
    boot(t, { name: 'engine', kind: 'engine' }),
    ...['hv-01', 'hv-02', 'hv-03'].map(name => boot(t, { name })),
  ]);
  const home = await mkdtemp(join(tmpdir(), 'hookfleet-writing-'));
  t.teardown(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
  await mkdir(join(home, 'bin'));
  await mkdir(join(home, 'work'));
  await symlink(BIN, join(home, 'bin/hookfleet'));
  const key = join(home, '.ssh/id_ed25519');
  await copyFile(labKeys().privateKeyFile, key);
  await chmod(key, 0o600);
  await writeFile(
    join(home, '.ssh/config'),
    [engine, ...hypervisors]
      .map(({ name, address }) => `Host ${name}.example.org\n  HostName ${address}\n`)
      .join(''),
  );
  return { home, work: join(home, 'work'), hypervisors };
}

/** Types one command on a terminal, and yes to whatever it asks. */
async function type(command: string, home: string, folder: string) {
  const running = execa('script', ['-qefc', command, '/dev/null'], {
    cwd: folder,
    env: {
      HOME: home,
      PATH: `${join(home, 'bin')}:${process.env.PATH}`,
      SHELL: '/bin/bash',
      TERM: 'xterm',
      CI: undefined,
      SSH_AUTH_SOCK: undefined,
    },
    reject: false,
    timeout: 180_000,
  });
  let screen = '';
  let answered = 0;
  running.stdout?.on('data', chunk => {
    screen += chunk;
    const asked = screen.match(/\[y\/N\] |\(yes\/no\)\? ?|Type yes/g)?.length ?? 0;
    while (answered < asked) {
      answered += 1;
      running.stdin?.write('yes\n');
    }
  });
  const { exitCode } = await running;
  return { exitCode, screen };
}

const SCRIPT = 'usr/libexec/vdsm/hooks/before_vm_start/50_vm_title';

test('a hook is written, tried, brought to the fleet and packaged by the commands of the page, word for word', async t => {
  const { home, work, hypervisors } = await setUp(t);
  const page = await readFile(PAGE, 'utf8');
  const steps = stepsOf(page);
  const files = steps.flatMap(step => ('file' in step ? [step.file] : []));
  t.deepEqual(files, [
    'hooks/vm_title/before_vm_start/50_vm_title',
    'vm_title.yml',
    'vdsm-hook-vm_title.spec',
    'vm_title.yml',
  ]);
  const seen = new Map<string, number>();
  let tried = '';
  for (const step of steps) {
    if ('file' in step) {
      await writeFile(join(work, step.file), step.text);
      continue;
    }
    const { command } = step;
    const times = seen.get(command) ?? 0;
    seen.set(command, times + 1);
    const { exitCode, screen } = await type(command, home, work);
    t.is(exitCode, EXIT_CODES[command]?.[times] ?? 0, `${command}\n${screen}`);
    tried = command.includes('Web shop') ? screen : tried;
    if (command.startsWith('hookfleet apply')) {
      const [first] = hypervisors;
      const own = first === undefined ? '' : await readFile(join(first.root, SCRIPT), 'utf8');
      t.is(own, await readFile(join(work, 'hooks/vm_title/before_vm_start/50_vm_title'), 'utf8'));
    }
  }
  const told = /The last one prints:\n\n```text\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const plain = stripVTControlCharacters(tried)
    .replaceAll('\r', '')
    .replaceAll(/\d+ ms/g, '86 ms');
  t.true(plain.includes(told), plain);
  for (const host of hypervisors) {
    t.is((await host.exec(`rpm -qf /${SCRIPT}`)).stdout.trim(), 'vdsm-hook-vm_title-1.0-1.noarch');
    t.is((await stat(join(host.root, SCRIPT))).mode & 0o777, 0o755);
  }
});
