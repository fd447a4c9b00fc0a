import { spawn } from 'node:child_process';
import { InputError } from '../core/input-error.ts';
import { lastLines } from '../core/last-lines.ts';
import type { DataNode } from './data-node.ts';
import { readJsonData } from './json-data.ts';
import { hostsToAsk, type ScriptReply } from './script-inventory.ts';

/** How many `--host` calls run at once, where a program wants to be asked host by host. */
const AT_ONCE = 8;

/**
 * Runs a program that prints an inventory, as Ansible does: with `--list`, and with `--host NAME` for every host unless
 * it has printed `_meta.hostvars`. Its stdin is empty.
 *
 * @param path absolute.
 * @param file what errors call it.
 * @throws {InputError} where it does not start, fails, prints no JSON or is not done in time; with what it said on stderr.
 */
export async function runScript(path: string, file: string, timeoutMs: number): Promise<ScriptReply> {
  const root = await ask(path, file, ['--list'], timeoutMs);
  const hosts = hostsToAsk(root);
  if (hosts.length === 0) {
    return { root, hostVariables: undefined };
  }
  const hostVariables = new Map<string, DataNode>();
  const waiting = hosts.values();
  const worker = async () => {
    for (const host of waiting) {
      hostVariables.set(host, await ask(path, file, ['--host', host], timeoutMs));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { root, hostVariables };
}

async function ask(
  path: string,
  file: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<DataNode> {
  const { stdout, stderr } = await runToEnd(path, file, args, timeoutMs);
  const source = `${file} ${args.join(' ')}`;
  if (stdout.trim() === '' && args[0] === '--host') {
    return { kind: 'scalar', value: null, text: '', place: { file: source } };
  }
  const { root, problems } = readJsonData(stdout, source);
  if (root === undefined) {
    throw new InputError(problems.map(problem => ({ ...problem, hint: whatItSaid(stderr) })));
  }
  return root;
}

function runToEnd(
  path: string,
  file: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that what the program has started ends with it.
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(child.pid);
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const end = (reason?: string) => {
      clearTimeout(timer);
      const stderr = Buffer.concat(err).toString('utf8');
      if (reason === undefined) {
        resolve({ stdout: Buffer.concat(out).toString('utf8'), stderr });
      } else {
        const message = `The inventory program ${reason}, when called with ${args.join(' ')}`;
        reject(new InputError([{ place: { file }, message, hint: whatItSaid(stderr) }]));
      }
    };
    child.on('error', error => end(`does not start (${error.message})`));
    child.on('close', (code, signal) => {
      if (late) {
        end(`was not done within ${timeoutMs / 1000} s`);
      } else if (code !== 0) {
        end(code === null ? `was ended by ${signal}` : `failed with exit code ${code}`);
      } else {
        end();
      }
    });
  });
}

function endGroup(pid: number | undefined): void {
  try {
    process.kill(-(pid ?? Number.NaN), 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

function whatItSaid(stderr: string): string {
  const said = lastLines(stderr);
  return said === null ? 'It said nothing on stderr' : `It said on stderr: ${said}`;
}
