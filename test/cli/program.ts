import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';

export const BIN = fileURLToPath(new URL('../../bin/hookfleet.js', import.meta.url));

/** A folder with an inventory of one host that only counts who knocks, and the program itself, as it is built. */
export async function setUp(t: ExecutionContext) {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-cli-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  let knocks = 0;
  const server = createServer(socket => {
    knocks += 1;
    socket.destroy();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write('hosts.ini', `[hypervisors]\nkvm-01 ansible_host=127.0.0.1 ansible_port=${port}\n`);
  await write('site.yml', '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n');
  return {
    folder,
    write,
    knocks: () => knocks,
    async run(...args: readonly string[]) {
      const { stdout, stderr, exitCode } = await execa(process.execPath, [BIN, ...args], {
        cwd: folder,
        env: { HOME: folder, SSH_AUTH_SOCK: undefined, NO_COLOR: '1' },
        reject: false,
        stdin: 'ignore',
      });
      return { stdout, stderr, exitCode };
    },
  };
}
