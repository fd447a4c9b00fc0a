import { HOOK_POINTS } from '../catalog/events.ts';
import { didYouMean } from '../core/suggest.ts';
import { type Finding, finding } from './finding.ts';

const EVENTS = HOOK_POINTS.map(point => point.name);

/**
 * VDSM takes any name; blanks, "=", "," and braces break the text in which it tells the engine of its hooks (engine:
 * utils/vdshooks/VdsHooksParser.java). What is left is what every tool on the way can name.
 */
export const HOOK_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.+@%:-]*$/;

/** How editors and rpm call the copies that they leave behind. */
export const COPY_NAME = /~$|\.(?:bak|orig|rej|rpmsave|rpmnew|rpmorig)$/;

const OTHER_COPY = /\.(?:old|save|swp|tmp|disabled|dpkg-\w+|ucf-\w+)$/;

const TEXT = /\.(?:txt|md|rst|xml|json|conf|cfg|log)$|^(?:README|LICENSE|Makefile|CHANGELOG)\b/;

/** What stands in a folder whose executable files are run. */
export interface Entry {
  readonly name: string;
  /** `broken`: a link that leads nowhere, or to itself. */
  readonly type: 'file' | 'folder' | 'other' | 'broken';
  /** Whether one of its three x bits is set. */
  readonly executable: boolean;
  /** Whether it begins with `#!` or is a program in machine code. */
  readonly script: boolean;
}

/** Whether a folder's name says that it means to be an event's; then what is wrong with it. */
export function judgeEventFolder(name: string): Finding | 'event' | undefined {
  if (EVENTS.includes(name)) {
    return 'event';
  }
  const near = didYouMean(name, EVENTS);
  return /^(?:before|after)_/.test(name) || near !== undefined
    ? finding(
        'unknown-event',
        1,
        `VDSM has no event ${name.slice(0, 80)}, so nothing in this folder ever runs`,
        near === undefined ? '`hookfleet hooks events` lists all of them.' : `Did you mean "${near}"?`,
      )
    : undefined;
}

/**
 * What is wrong with a file as it lies in such a folder: VDSM runs the executable ones that are not hidden, libvirt
 * every executable one, hidden or not.
 */
export function judgeEntry(entry: Entry, of: 'vdsm' | 'libvirt'): Finding[] {
  const { name, type, executable, script } = entry;
  const caller = of === 'vdsm' ? 'VDSM' : 'libvirt';
  if (type !== 'file') {
    return name === '__pycache__' || (type === 'folder' && of === 'libvirt' && name.startsWith('.'))
      ? []
      : [
          neverRuns(
            type === 'folder'
              ? 'a folder'
              : type === 'broken'
                ? 'a link that leads nowhere'
                : 'no regular file',
            caller,
          ),
        ];
  }
  const hidden = name.startsWith('.');
  if (hidden && of === 'vdsm') {
    return [neverRuns('hidden', caller)];
  }
  if (
    COPY_NAME.test(name) ||
    OTHER_COPY.test(name) ||
    (hidden && executable) ||
    (TEXT.test(name) && executable)
  ) {
    return executable || script
      ? [
          finding(
            'runs-by-accident',
            1,
            executable
              ? `${caller} runs every executable file here, this copy or text beside the scripts too`
              : `this looks like a copy, and ${caller} would run it as soon as it is executable`,
            'Take it away: copies and notes belong elsewhere.',
            executable ? 'error' : 'warning',
          ),
        ]
      : [];
  }
  if (!executable && !script) {
    return [];
  }
  return [
    ...(executable ? [] : [notExecutable(caller)]),
    ...(of === 'libvirt' || HOOK_NAME.test(name)
      ? []
      : [
          finding(
            'hook-name',
            1,
            `"${name}" is no name for a hook script: the engine cannot read the list of a host's hooks with it`,
            'Use letters, digits and _ . + @ % : - as in 50_audit.',
          ),
        ]),
    ...(!script || /^\d\d/.test(name)
      ? []
      : [
          finding(
            'unnumbered-name',
            1,
            `${caller} runs scripts in the byte order of their names, so without a number of two digits the turn of this one is left to chance`,
            `Call it ${of === 'vdsm' ? `50_${name.replace(/^\d_?/, '')}` : `50-${name.replace(/^\d-?/, '')}`}.`,
          ),
        ]),
  ];
}

export function notExecutable(caller: string): Finding {
  return finding(
    'not-executable',
    1,
    `the file has no x bit, so ${caller} skips it without a word`,
    'Run chmod 0755 on it.',
  );
}

/** @param what the entry is. */
export function neverRuns(what: string, caller: string): Finding {
  return finding(
    'never-runs',
    1,
    `this is ${what}, which ${caller} never runs`,
    'Take it away, or put a script in its place.',
  );
}
