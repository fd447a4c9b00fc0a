import { readFileSync, writeFileSync } from 'node:fs';

const LIMIT = '/proc/sys/fs/inotify/max_user_instances';
const ENOUGH = 4096;

/**
 * Raises the kernel's limit of inotify instances for one user, where it is low. Each systemd takes half a dozen, and
 * root's are counted together: with the usual 128 the twenty-first host would not come up, without a word.
 */
export function raiseInotifyLimit(): void {
  if (Number(readFileSync(LIMIT, 'utf8')) < ENOUGH) {
    writeFileSync(LIMIT, `${ENOUGH}\n`);
  }
}
