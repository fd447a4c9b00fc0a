/**
 * A fleet of any size in a process of its own: SSH servers on ports of 127.0.0.1 that all answer as one simulated host
 * does, most of the time from memory, so that what is measured is the client. Writes what a user of it needs into the
 * folder that it is given, tells its parent, and ends with it. Told `forget`, it asks the simulated host anew.
 */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDisk } from '../../src/demo/disk.ts';
import { makeTools } from '../../src/demo/tools.ts';
import { readPlainCommand } from '../../src/remote/script/exec-command.ts';
import { type ExecRequest, newPrivateKey, startServer } from '../remote/embedded-server.ts';
import { type Answer, manyHosts } from '../remote/no-leaks-replies.ts';

const [folder = '', sizes = ''] = process.argv.slice(2);
const counts = sizes.split(',').map(Number);
const root = join(folder, 'disk');
await makeDisk(root, 'hypervisor');
const folders = { root, path: await makeTools(join(folder, 'tools')) };

let newHost = manyHosts(folders);
const answers: Answer[] = [];
const hosts: { readonly name: string; readonly port: number; readonly known: string }[] = [];
for (let index = 0; index < Math.max(...counts); index += 1) {
  answers.push(newHost());
  const server = await startServer({ exec: request => void reply(request, index) });
  const [key] = server.hostKeys;
  hosts.push({
    name: `hv-${String(index + 1).padStart(4, '0')}`,
    port: server.port,
    known: `[127.0.0.1]:${server.port} ${key?.type} ${key?.getPublicSSH().toString('base64')}\n`,
  });
}

await mkdir(join(folder, '.ssh'), { mode: 0o700 });
await writeFile(join(folder, '.ssh/id_ed25519'), newPrivateKey(), { mode: 0o600 });
await writeFile(join(folder, '.ssh/known_hosts'), hosts.map(({ known }) => known).join(''));
await writeFile(
  join(folder, 'hosts.ini'),
  [
    '[hypervisors]',
    ...hosts.map(({ name, port }) => `${name} ansible_host=127.0.0.1 ansible_port=${port}`),
    ...counts.flatMap(count => [`[first${count}]`, ...hosts.slice(0, count).map(({ name }) => name)]),
    '[all:vars]',
    'ansible_user=root',
    '',
  ].join('\n'),
);
process.on('message', () => {
  newHost = manyHosts(folders);
  for (const index of answers.keys()) {
    answers[index] = newHost();
  }
  process.send?.('forgotten');
});
process.once('disconnect', () => process.exit());
process.send?.(hosts.map(({ port }) => port));

/** Answers hookfleet, and the bare client, which sends the same script on stdin without saying what it is. */
async function reply({ command, channel }: ExecRequest, index: number): Promise<void> {
  const plain = readPlainCommand(command);
  const script = plain?.script ?? (await stdinOf(channel));
  const nonce = plain?.nonce ?? /'%s %s\\n' ([0-9a-f]{32}) /.exec(script)?.[1] ?? '';
  const answer = await answers[index]?.(script, nonce);
  const said = (output = '') => `${nonce} shell\n${output.replaceAll('NONCE', nonce)}`;
  channel.resume();
  channel.stderr.write(said(answer?.stderr));
  channel.write(said(answer?.stdout));
  channel.exit(answer?.exitCode ?? 1);
  channel.end();
}

/** Not `text()` of node:stream/consumers: it would end the other direction too. */
async function stdinOf(channel: ExecRequest['channel']): Promise<string> {
  const chunks: Buffer[] = [];
  channel.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(channel, 'end');
  return Buffer.concat(chunks).toString('utf8');
}
