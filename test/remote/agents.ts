import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';

/** Starts a real ssh-agent for one test and gives it the keys of the files; returns its socket. */
export async function startAgent(t: ExecutionContext, keyFiles: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-agent-'));
  const socket = join(folder, 'agent');
  const agent = execa('ssh-agent', ['-D', '-a', socket], { reject: false });
  t.teardown(async () => {
    agent.kill('SIGTERM');
    await agent;
    await rm(folder, { recursive: true });
  });
  while (!(await answers(socket))) {
    await sleep(5);
  }
  for (const file of keyFiles) {
    await execa('ssh-add', ['-q', file], { env: { SSH_AUTH_SOCK: socket } });
  }
  return socket;
}

/** The socket file is there a moment before the agent listens. */
function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
