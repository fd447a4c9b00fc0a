interface Rule {
  readonly severity: 'error' | 'warning' | 'note';
  /** Whose hooks it is about. */
  readonly of: 'all' | 'VDSM' | 'libvirt';
  /** What is looked for: the table of docs/lint.md. */
  readonly what: string;
}

const rule = (severity: Rule['severity'], of: Rule['of'], what: string): Rule => ({ severity, of, what });

const START = {
  'byte-order-mark': rule('error', 'all', 'a byte order mark before the first line'),
  'empty-file': rule('error', 'libvirt', 'a file with nothing in it'),
  'env-arguments': rule('error', 'all', '`#!/usr/bin/env` with more than one word and no `-S`'),
  'env-path': rule('note', 'all', '`#!/usr/bin/env`: the PATH of a daemon decides what runs'),
  'interpreter-path': rule('error', 'all', 'a `#!` line without an absolute path'),
  'line-ends': rule('error', 'all', 'CR LF where the kernel or a shell reads it'),
  'no-interpreter': rule('error', 'all', 'no `#!` line (for VDSM a warning: a shell runs the script)'),
  python2: rule('error', 'all', 'a `#!` line with python2, which hosts from EL8 on do not have'),
  'python-unversioned': rule(
    'warning',
    'all',
    'a `#!` line with python, which hosts from EL8 on may not have',
  ),
  'too-large': rule('error', 'all', 'more than 1 MiB: no script, and nothing that goes to every host'),
  unreadable: rule('error', 'all', 'a file or folder that cannot be read'),
} as const;

const PLACE = {
  'hook-name': rule('warning', 'VDSM', 'a name that breaks the list of hooks that the engine reads'),
  'never-runs': rule(
    'warning',
    'all',
    'what lies among scripts and is never run: hidden, a folder, a dead link',
  ),
  'no-script': rule('error', 'VDSM', 'an event folder without any script'),
  'not-executable': rule('error', 'all', 'a script without the x bit, which is skipped without a word'),
  'runs-by-accident': rule(
    'error',
    'all',
    'an executable copy, such as `.bak`, `~` or `.rpmsave`: it runs too',
  ),
  'unknown-event': rule('error', 'VDSM', 'a folder named after no event that VDSM has'),
  'unnumbered-name': rule(
    'warning',
    'all',
    'a name without a number of two digits: its turn is left to chance',
  ),
} as const;

const SYNTAX = {
  allow: rule('warning', 'all', 'a comment that silences nothing: no such id, or no reason'),
  'not-checked': rule('warning', 'all', 'a program for a check is not on this machine'),
  'python-syntax': rule('error', 'all', 'Python 3 cannot compile the script'),
  'python2-code': rule(
    'error',
    'all',
    'names that Python 3 no longer has: `iteritems`, `has_key`, `xrange` …',
  ),
  'shell-syntax': rule('error', 'all', '`sh -n` or `bash -n` refuses the script'),
} as const;

const EXIT = {
  'exit-status': rule('warning', 'VDSM', 'an exit status above 2, which VDSM does not know'),
  'ignored-exit': rule('warning', 'libvirt', 'a veto where libvirt ignores the exit status'),
  'last-status': rule('error', 'all', 'a script that ends with `[ … ] && …`: it fails where that is false'),
  'set-e': rule('warning', 'all', '`set -e` without a trap: whatever fails decides for the operation'),
} as const;

const CONDUCT = {
  'background-child': rule('warning', 'all', 'a child in the background that keeps the outputs open'),
  'libvirt-call': rule(
    'error',
    'libvirt',
    'a call into libvirt or a monitor: it waits for the lock of the guest',
  ),
  'stdout-chatter': rule('warning', 'libvirt', 'output where libvirt takes it for the XML of the guest'),
  'tmp-path': rule('warning', 'all', 'a path below /tmp that anybody can foresee'),
  'undeclared-property': rule('warning', 'VDSM', 'a property that is read and named nowhere'),
  'unknown-operation': rule('error', 'libvirt', 'an operation that no libvirt calls'),
  'wrong-input': rule('error', 'VDSM', 'the XML of a guest read at an event with JSON, or the reverse'),
} as const;

const LISTS = {
  'comment-blanks': rule(
    'warning',
    'all',
    'comments are cut off, the blanks before them are not, and then all is compared',
  ),
  'hash-in-name': rule('warning', 'all', 'comments begin in the middle of a word, and `#` is legal in names'),
  'name-only': rule('note', 'libvirt', 'a guest looked up by its name and never by its UUID'),
  'names-differ': rule('note', 'libvirt', 'a script that calls itself by several names'),
  'path-typo': rule('warning', 'all', 'a path with a slip in `libvirt`, `vdsm` or `hooks`'),
  'process-substitution': rule('warning', 'all', '`<( … )`, whose failure nobody sees'),
} as const;

/** All that is looked for, by the id of the finding. */
export const RULES = { ...START, ...PLACE, ...SYNTAX, ...EXIT, ...CONDUCT, ...LISTS };

export type RuleId = keyof typeof RULES;

export function isRule(id: string): id is RuleId {
  return Object.hasOwn(RULES, id);
}
