const RESERVED = new Set([
  'BASHOPTS',
  'CDPATH',
  'ENV',
  'FROM_SNAPSHOT',
  'GCONV_PATH',
  'HOME',
  'HOSTNAME',
  'IFS',
  'INVOCATION_ID',
  'JOURNAL_STREAM',
  'LANG',
  'LANGUAGE',
  'LOGNAME',
  'NOTIFY_SOCKET',
  'OLDPWD',
  'PATH',
  'PS4',
  'PWD',
  'SHELL',
  'SHELLOPTS',
  'SHLVL',
  'TERM',
  'TMPDIR',
  'TZ',
  'USER',
  '_',
  'vmId',
]);

const RESERVED_PREFIX = /^(?:BASH_|GLIBC_|LC_|LD_|MALLOC_|PYTHON|_hook_)/;

/**
 * Whether a name means something in the environment of a hook script: to the loader, the shell, Python or VDSM. VDSM
 * puts custom properties there under their own names, over what was there before (lib/vdsm/common/hooks.py), so a
 * property of such a name would change how every script runs.
 */
export function isHookEnvironment(name: string): boolean {
  return RESERVED.has(name) || RESERVED_PREFIX.test(name);
}
