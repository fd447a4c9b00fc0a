import { spawn } from 'node:child_process';
import { InputError } from '../core/input-error.ts';
import { lastLines } from '../core/last-lines.ts';
import type { DataNode } from './data-node.ts';
import { endGroup, endWithUs } from './end-with-us.ts';
import { readJsonData } from './json-data.ts';
import { hostsToAsk, type ScriptReply } from './script-inventory.ts';

/** How many `--host` calls run at once, where a program wants to be asked host by host. */
const AT_ONCE = 8;

/** In bytes. An inventory of 100,000 hosts with all that a cloud says of them has less. */
const LONGEST_OUTPUT = 256 * 1024 * 1024;
/** In characters; the end of it is for an error. */
const LONGEST_STDERR = 64 * 1024;

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
    const { child, forget } = endWithUs(() =>
      spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true }),
    );
    const { pid } = child;
    const out: Buffer[] = [];
    let length = 0;
    let err = '';
    let why: string | undefined;
    const giveUp = (reason: string) => {
      why ??= reason;
      if (pid !== undefined) {
        endGroup(pid);
      }
    };
    const timer = setTimeout(() => giveUp(`was not done within ${timeoutMs / 1000} s`), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > LONGEST_OUTPUT) {
        giveUp(`printed more than ${LONGEST_OUTPUT / 1024 / 1024} MiB`);
      } else {
        out.push(chunk);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-LONGEST_STDERR);
    });
    const end = (reason?: string) => {
      clearTimeout(timer);
      forget();
      if (reason === undefined) {
        resolve({ stdout: Buffer.concat(out).toString('utf8'), stderr: err });
      } else {
        const message = `The inventory program ${reason}, when called with ${args.join(' ')}`;
        reject(new InputError([{ place: { file }, message, hint: whatItSaid(err) }]));
      }
    };
    child.on('error', error => end(`does not start (${error.message})`));
    child.on('close', (code, signal) => {
      if (why !== undefined) {
        end(why);
      } else if (code !== 0) {
        end(code === null ? `was ended by ${signal}` : `failed with exit code ${code}`);
      } else {
        end();
      }
    });
  });
}

function whatItSaid(stderr: string): string {
  const said = lastLines(stderr);
  return said === null ? 'It said nothing on stderr' : `It said on stderr: ${said}`;
}
