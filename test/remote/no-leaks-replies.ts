import { createHash } from 'node:crypto';
import { execa } from 'execa';
import { type SimulatedFolders, simulatedScript } from '../../src/demo/simulated-script.ts';

/** What a script wrote, with `NONCE` in the place of its random word. */
export interface Reply {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Answers the scripts of one host. */
export type Answer = (script: string, nonce: string) => Promise<Reply>;

/**
 * One simulated host that stands for many: what it has answered once is the answer to all that are asked the same, after
 * the same scripts. A script that comes twice in a row is taken for a probe, which changes nothing.
 *
 * @returns what makes a further host of the kind.
 */
export function manyHosts(folders: SimulatedFolders): () => Answer {
  const replies = new Map<string, Promise<Reply>>();
  return () => {
    const asked: string[] = [];
    return (script, nonce) => {
      const digest = createHash('sha256').update(script.replaceAll(nonce, 'NONCE')).digest('hex');
      if (asked.at(-1) !== digest) {
        asked.push(digest);
      }
      const key = asked.join(' ');
      const reply = replies.get(key) ?? run(script, nonce, folders);
      replies.set(key, reply);
      return reply;
    };
  };
}

async function run(script: string, nonce: string, folders: SimulatedFolders): Promise<Reply> {
  const simulated = simulatedScript(script, folders);
  if (simulated === undefined) {
    throw new Error('This is no script for a simulated host');
  }
  const { stdout, stderr, exitCode } = await execa('/bin/sh', ['-s'], {
    input: simulated,
    cwd: '/',
    env: {},
    extendEnv: false,
    stripFinalNewline: false,
    reject: false,
  });
  const withoutNonce = (text: string) => text.replaceAll(nonce, 'NONCE');
  return { stdout: withoutNonce(stdout), stderr: withoutNonce(stderr), exitCode: exitCode ?? 1 };
}
