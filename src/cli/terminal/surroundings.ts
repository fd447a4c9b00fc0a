/**
 * Takes an empty HOME for none: it would make the current folder the home, and what lies there the user's keys.
 *
 * @param env is changed.
 */
export function dropEmptyHome(env: NodeJS.ProcessEnv): void {
  if (env.HOME === '') {
    delete env.HOME;
  }
}

/** What the system could not tell of where the program runs, as a message for the user; undefined for any other error. */
export function surroundingsTrouble(error: unknown): string | undefined {
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : undefined;
  switch (syscall) {
    case 'uv_cwd':
      return 'the current folder is gone\n  Change to another one: cd ~';
    case 'uv_os_homedir':
      return 'this user has no home folder, and HOME is not set\n  Set it: HOME=/some/folder hookfleet …';
    default:
      return undefined;
  }
}
