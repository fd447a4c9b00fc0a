import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes a control group of its own for a host, in every hierarchy that systemd would manage: the unified one, and where
 * both are mounted the old one named `systemd` too. Two systemd hosts in one group would kill each other's services.
 *
 * @returns the folders, for {@link removeCgroups} and for the process that shall move there
 */
export function makeCgroups(name: string): string[] {
  const folders = hierarchies().map(mount => join(mount, name));
  for (const folder of folders) {
    mkdirSync(folder);
  }
  return folders;
}

/** Removes a host's control groups, with those that its systemd made below. Every process in them must have ended. */
export function removeCgroups(name: string): void {
  for (const mount of hierarchies()) {
    removeTree(join(mount, name));
  }
}

function hierarchies(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .filter(fields => {
      const [type, , options = ''] = fields.slice(fields.indexOf('-') + 1);
      return type === 'cgroup2' || (type === 'cgroup' && options.split(',').includes('name=systemd'));
    })
    .map(fields => fields[4] ?? '');
}

function removeTree(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) {
        removeTree(join(folder, entry.name));
      }
    }
    rmdirSync(folder);
  } catch {
    // Gone already, or still in use: the next start of the lab tries again.
  }
}
