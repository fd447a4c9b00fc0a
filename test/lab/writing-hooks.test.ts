import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { sitDown } from './typing.ts';

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
  const typist = await sitDown(t);
  const { home, engine, hypervisors } = typist;
  const key = await signingKey(t, home);
  for (const host of hypervisors) {
    await writeFile(join(host.root, 'var/tmp/hooks.asc'), key);
    await host.exec('rpm --import /var/tmp/hooks.asc');
  }
  // All hosts of the lab share one localhost, where an engine is asked for its health elsewhere.
  const health = `engine_health_url: http://${engine.address}/ovirt-engine/services/health`;
  const inLab = (text: string) => text.replace('  engine_properties:', `  ${health}\n  engine_properties:`);
  return { ...typist, inLab };
}

/** Makes the key that the page signs with; gives its public half. */
async function signingKey(t: ExecutionContext, home: string): Promise<string> {
  const env = { HOME: home, GNUPGHOME: undefined };
  t.teardown(() => execa('gpgconf', ['--kill', 'all'], { env, reject: false }));
  await writeFile(join(home, '.rpmmacros'), '%__gpg /usr/bin/gpg\n');
  const quiet = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', ''];
  await execa('gpg', [...quiet, '--quick-generate-key', 'hooks@example.org', 'rsa3072', 'sign', 'never'], {
    env,
  });
  return `${(await execa('gpg', [...quiet, '--armor', '--export', 'hooks@example.org'], { env })).stdout}\n`;
}

/** What has become of the script after each apply. */
const APPLIED = ['there', 'gone', 'there'];

const SCRIPT = 'usr/libexec/vdsm/hooks/before_vm_start/50_vm_title';

test('a hook is written, tried, brought to the fleet and packaged by the commands of the page, word for word', async t => {
  const { work, hypervisors, type, inLab } = await setUp(t);
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
      await writeFile(join(work, step.file), inLab(step.text));
      continue;
    }
    const { command } = step;
    const times = seen.get(command) ?? 0;
    seen.set(command, times + 1);
    const { exitCode, screen } = await type(command);
    t.is(exitCode, EXIT_CODES[command]?.[times] ?? 0, `${command}\n${screen}`);
    tried = command.includes('Web shop') ? screen : tried;
    if (command.startsWith('hookfleet apply')) {
      const own = await readFile(join(work, 'hooks/vm_title/before_vm_start/50_vm_title'), 'utf8');
      const there = hypervisors.map(({ root }) => readFile(join(root, SCRIPT), 'utf8').catch(() => null));
      const expected = APPLIED[times] === 'there' ? own : null;
      t.deepEqual(await Promise.all(there), [expected, expected, expected]);
    }
  }
  t.is(seen.get('hookfleet apply vm_title.yml'), APPLIED.length);
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
