import type { DnfTrouble } from './dnf-trouble.ts';

/** The cure for what would touch another package. */
export const CHANGED_ALONE =
  'hookfleet changes a package alone. Ask for a `version:` that fits what is installed, or bring the other packages to theirs first, the way this hypervisor is upgraded.';

/** Of other packages on the host. */
export const OTHERS_TROUBLES: readonly DnfTrouble[] = [
  {
    id: 'other-changed',
    when: 'another package was changed during the transaction all the same',
    words: /^hookfleet: changed (?<other>\S+)$/gm,
    message: 'Another package of this host changed meanwhile: {other}',
    hint: '`dnf history` on the host tells who did it: look before you go on to other hosts.',
  },
  {
    id: 'needed',
    when: 'the package is to be removed, and another one needs it',
    words: /^[ \t]*(?<what>\S.*) is needed by \(installed\) (?<other>\S+)$/gm,
    message: '{what} is needed by {other}, so it is not removed',
    hint: 'Remove or replace {other} first; hookfleet never takes another package along.',
  },
  {
    id: 'would-change',
    when: 'the package can come in only if others are upgraded, downgraded or removed',
    words: /^hookfleet: would (?<other>.+)$/gm,
    message: 'This would change other packages of the host: {other}; nothing was touched',
    hint: CHANGED_ALONE,
  },
  {
    id: 'clash',
    when: 'the package, or one that it needs, obsoletes or conflicts with an installed one',
    words: /^hookfleet: clash (?<clash>.+)$/gm,
    message: '{clash}, which is on this host; nothing was touched',
    hint: 'The two cannot be on one host: take the package out of the playbook, or remove the other one by hand.',
  },
  {
    id: 'other-version',
    when: 'the package needs another version of an installed package, which dnf would not even change if it were let',
    words: /^hookfleet: has (?<has>.+) : (?<package>\S+) (?<what>.+)$/gm,
    message: '{package} needs {what}, and this host has {has}; nothing was touched',
    hint: CHANGED_ALONE,
  },
];
