import { sh } from '../core/sh.ts';
import { HOST_FOLDERS } from '../remote/script/framing.ts';

/** Where a simulated host has its files, and where its shell looks for programs. */
export interface SimulatedFolders {
  /** The host's root folder on this machine, absolute. */
  readonly root: string;
  /** As PATH has it: the stand-ins first. */
  readonly path: string;
}

/**
 * The script for a simulated host: the very script that was sent, but for the one line that says where the host's root
 * folder and programs are. Undefined for a script without that line, or with several: it could reach this machine's
 * own files.
 */
export function simulatedScript(script: string, { root, path }: SimulatedFolders): string | undefined {
  const [before, after, ...more] = script.split(`\n${HOST_FOLDERS.text}\n`);
  return before === undefined || after === undefined || more.length > 0
    ? undefined
    : `${before}\n${sh`ROOT=${root} LC_ALL=C PATH=${path}`.text}\n${after}`;
}
