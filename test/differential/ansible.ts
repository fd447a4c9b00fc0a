import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const DRIVER = fileURLToPath(new URL('ansible-driver.py', import.meta.url));

/** What a command line of Ansible's came to. */
export interface Reply {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ansible's own code, ready to answer command lines, one after the other. */
export interface Ansible {
  /** @param argv a program and its arguments: `ansible-inventory` or `ansible`. */
  ask(argv: readonly string[]): Promise<Reply>;
  stop(): void;
}

/** Where a program of Ansible's stands, or undefined where it is not installed. */
export function findProgram(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, program))
    .find(file => {
      try {
        return readFileSync(file).length > 0;
      } catch {
        return false;
      }
    });
}

/** An environment in which nothing of this machine's own settings steers Ansible, and a folder for it to be thrown away. */
export function plainEnvironment(): { env: NodeJS.ProcessEnv; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-ansible-'));
  const config = join(folder, 'ansible.cfg');
  writeFileSync(config, '');
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('ANSIBLE_'));
  return {
    folder,
    env: {
      ...Object.fromEntries(own),
      HOME: folder,
      ANSIBLE_CONFIG: config,
      LC_ALL: 'C.UTF-8',
      PYTHONUTF8: '1',
    },
  };
}

/** Starts the driver with the Python that Ansible itself runs with. */
export function startAnsible(): Ansible {
  const program = findProgram('ansible-inventory');
  const [, python = 'python3'] =
    /^#!\s*(\S+)/.exec(program === undefined ? '' : readFileSync(program, 'utf8')) ?? [];
  const { env, folder } = plainEnvironment();
  const child = spawn(python, [DRIVER], { env, cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: { resolve(reply: Reply): void; reject(error: Error): void }[] = [];
  createInterface({ input: child.stdout }).on('line', line =>
    waiting.shift()?.resolve(JSON.parse(line) as Reply),
  );
  child.on('close', code => {
    for (const { reject } of waiting) {
      reject(new Error(`Ansible's driver ended with exit code ${code}`));
    }
  });
  return {
    ask: argv =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(argv)}\n`);
      }),
    stop() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
