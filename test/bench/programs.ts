import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the sides need besides Node and the lab's own programs, and the Debian packages that have it. */
const PROGRAMS = {
  bash: 'bash',
  time: 'time',
  clush: 'clustershell',
  ansible: 'ansible-core',
  'ansible-playbook': 'ansible-core',
} as const;

export type ProgramName = keyof typeof PROGRAMS;

export function isInstalled(program: ProgramName): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The line that installs what is missing; undefined where nothing is. */
export function aptLine(): string | undefined {
  const missing = (Object.keys(PROGRAMS) as ProgramName[]).filter(name => !isInstalled(name));
  return missing.length === 0
    ? undefined
    : `apt-get install ${[...new Set(missing.map(name => PROGRAMS[name]))].join(' ')}`;
}
