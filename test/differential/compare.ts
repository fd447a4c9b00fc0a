import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { formatProblem, InputError } from '../../src/core/input-error.ts';
import { exportGraph, exportHost, exportList } from '../../src/inventory/export.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import type { Ansible, Reply } from './ansible.ts';

/** Inventories as files, and how they are named on the command line. */
export interface Case {
  /** By path; a text that begins with `#!` becomes executable, `-> target` a link. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** What `-i` names, `hosts` by default; a list of hosts stays as it is. */
  readonly inventories?: readonly string[];
  /** The folder of the playbook. */
  readonly playbook?: string;
}

/** Writes the files of a case into a folder that is gone after the test. */
export function writeCase(t: ExecutionContext, { files }: Case): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-differential-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string' && content.startsWith('-> ')) {
      symlinkSync(content.slice(3), path);
    } else {
      writeFileSync(path, content);
      chmodSync(path, content.toString().startsWith('#!') ? 0o755 : 0o644);
    }
  }
  return folder;
}

/** The arguments that name the case's inventories to either program. */
export function argumentsOf(folder: string, { inventories = ['hosts'], playbook }: Case) {
  const paths = inventories.map(name => (name.includes(',') ? name : join(folder, name)));
  const playbookFolder = playbook === undefined ? undefined : join(folder, playbook);
  return {
    paths,
    playbookFolder,
    argv: [
      ...paths.flatMap(path => ['-i', path]),
      ...(playbookFolder === undefined ? [] : ['--playbook-dir', playbookFolder]),
    ],
  };
}

/** The same question, answered by both programs. */
export interface Answers {
  /** `--list` and so on. */
  readonly action: string;
  readonly hookfleet: string;
  readonly ansible: string;
}

/** What Ansible makes of a case that hookfleet refuses. */
export interface Refusal {
  /** What hookfleet told. */
  readonly problems: readonly string[];
  /** Ansible's `--list`, which ends with an error, or warns that it could not read an inventory. */
  readonly ansible: Reply;
}

/**
 * Asks both programs for `--list`, `--graph` and `--host` of the first hosts. The files stay until the test ends.
 *
 * @returns the answers, or how both refuse.
 */
export async function askBoth(
  t: ExecutionContext,
  ansible: Ansible,
  one: Case,
  mostHosts = 10,
): Promise<readonly Answers[] | Refusal> {
  const folder = writeCase(t, one);
  const { paths, playbookFolder, argv } = argumentsOf(folder, one);
  const ask = (action: readonly string[]) => ansible.ask(['ansible-inventory', ...argv, ...action]);
  try {
    const inventory = await loadInventory(paths, { playbookFolder });
    const hosts = [...inventory.hosts.keys()]
      // To Ansible, --host is a pattern, and the name of a group stands for its hosts.
      .filter(host => /^[\w.-]+$/.test(host) && !inventory.groups.has(host))
      .slice(0, mostHosts);
    const ours: [readonly string[], string][] = [
      [['--list'], exportList(inventory)],
      [['--graph'], exportGraph(inventory)],
      ...hosts.map((host): [string[], string] => [['--host', host], exportHost(inventory, host)]),
    ];
    return await Promise.all(
      ours.map(async ([action, hookfleet]) => {
        const { stdout, stderr, code } = await ask(action);
        const trouble = !isRefused({ code, stdout, stderr }) ? '' : `exit code ${code}: ${stderr}`;
        return { action: action.join(' '), hookfleet: `${hookfleet}\n`, ansible: `${stdout}${trouble}` };
      }),
    );
  } catch (error) {
    if (!(error instanceof InputError)) {
      throw error;
    }
    const problems = error.problems.map(problem => formatProblem(problem).replaceAll(`${folder}/`, ''));
    return { problems, ansible: await ask(['--list']) };
  }
}

/** Ansible's warning about an inventory that it goes on without. */
const FAILED =
  /Failed to parse inventory|Unable to parse|Skipping .* as this is not a valid group|Skipping unexpected key/;

/** Whether Ansible too could not read an inventory, or broke off. */
export function isRefused({ code, stderr }: Reply): boolean {
  return code !== 0 || FAILED.test(stderr.replaceAll(/\s+/g, ' '));
}
