import { readdir, readFile } from 'node:fs/promises';

/** A process that a script has left running. */
interface Left {
  readonly id: number;
  /** Its command line. */
  readonly command: string;
}

/** How often is looked whether there is still one: one that is ended may have started another. */
const LOOKS = 5;

/**
 * Ends what a script has left running: its process group, and on Linux also what has left that group but has the throw-away
 * folder in its environment.
 *
 * @param group the script's own, which it leads.
 * @param folder the throw-away folder.
 * @returns the command lines of those that were ended, each once; where they cannot be known, `a process`.
 */
export async function endLeftovers(group: number, folder: string): Promise<readonly string[]> {
  const ended = new Map<number, string>();
  for (let look = 0; look < LOOKS; look += 1) {
    const left = await leftOf(group, folder);
    for (const { id, command } of left) {
      // One that is just ending has no command line any more.
      if (!ended.has(id)) {
        ended.set(id, command);
      }
      kill(id);
    }
    kill(-group);
    if (left.length === 0) {
      break;
    }
  }
  return [...new Set(ended.values())];
}

async function leftOf(group: number, folder: string): Promise<Left[]> {
  const ids = await readdir('/proc').catch(() => undefined);
  if (ids === undefined) {
    return kill(-group) ? [{ id: -group, command: 'a process' }] : [];
  }
  const numbers = ids.filter(id => /^\d+$/.test(id) && Number(id) !== process.pid);
  const found = await Promise.all(numbers.map(id => look(id, group, folder)));
  return found.flatMap(one => one ?? []);
}

/** What cannot be read has just ended, or is somebody else's. */
async function look(id: string, group: number, folder: string): Promise<Left | undefined> {
  try {
    const stat = await readFile(`/proc/${id}/stat`, 'latin1');
    const [state, , its] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') {
      return undefined;
    }
    if (Number(its) !== group && !(await readFile(`/proc/${id}/environ`, 'latin1')).includes(`${folder}/`)) {
      return undefined;
    }
    const command = (await readFile(`/proc/${id}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    return { id: Number(id), command: command.slice(0, 200) || `process ${id}` };
  } catch {
    return undefined;
  }
}

function kill(id: number): boolean {
  try {
    process.kill(id, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
