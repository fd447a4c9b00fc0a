import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { BIN } from '../program.ts';
import { withEngineOf } from './engine-program.ts';

const page = await readFile(new URL('../../../docs/vms.md', import.meta.url), 'utf8');

/** Commands and what they print, in the order of the page. */
const shown = [...page.matchAll(/^```console\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map(part => {
      const [command = '', ...lines] = part.trimEnd().split('\n');
      return { command, lines };
    }),
);

/** A status on the way; which of them are seen depends on the clock. */
const PROGRESS = /^\S+: (?:shutting down|powering down|down|starting|wait for launch|powering up|up)$/;

test('the commands of docs/vms.md print what the page shows, in its order', async t => {
  t.timeout(300_000);
  const { start } = await withEngineOf(t, {
    vms: [
      {
        name: 'web-1',
        properties: { site_cost: '7' },
        nics: [{ name: 'nic1', profile: 'Default/vlan-7/trunk' }],
      },
      { name: 'web-2' },
      { name: 'db-1', tag: 'canary', deleteProtected: true },
      { name: 'idle-1', status: 'down', tag: 'canary' },
      { name: 'HostedEngine', origin: 'managed_hosted_engine' },
    ],
    profiles: [{ name: 'ovirtmgmt' }, { name: 'trunk', network: 'vlan-7', properties: { extnet: 'a' } }],
    stepMs: 500,
  });
  const commands = shown.filter(({ command }) => /^hookfleet v/.test(command));
  t.true(commands.length >= 12);
  for (const { command, lines } of commands) {
    const words = (await execa('sh', ['-c', `printf '%s\\n' ${command}`])).stdout.split('\n').slice(1);
    const { stdout, stderr } = await start(words);
    const said = stderr.split('\n').filter(Boolean);
    t.deepEqual(
      [...stdout.split('\n').filter(Boolean), ...said.filter(line => !PROGRESS.test(line))],
      lines.filter(line => !PROGRESS.test(line)),
      command,
    );
    const progress = said.filter(line => PROGRESS.test(line));
    t.deepEqual(
      progress.filter(line => !lines.includes(line)),
      [],
      command,
    );
  }
});

test('the playbook of docs/vms.md and the files beside it are ones that apply takes', async t => {
  const { folder } = await withEngineOf(t, {});
  const files = [...page.matchAll(/^`([^`]+)`:\n\n```\w+\n([\s\S]*?)^```/gm)];
  t.is(files.length, 3);
  for (const [, name = '', text = ''] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text, { mode: name.startsWith('hooks/') ? 0o755 : 0o644 });
  }
  const apply = shown.find(({ command }) => command.startsWith('hookfleet apply '));
  const words = apply?.command.split(' ').slice(2) ?? [];
  const args = [BIN, 'check', ...words, '--print-probe'];
  const { stdout, stderr, exitCode } = await execa(process.execPath, args, { cwd: folder, reject: false });
  t.is(exitCode, 0, stderr);
  t.true(stdout.includes('50_site_audit'));
});
