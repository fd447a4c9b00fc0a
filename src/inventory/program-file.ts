/**
 * Whether the content of a file is a script or a binary. The executable bit alone makes no program: files from a share of
 * Windows all have it. The system would run their text as commands of a shell, or not at all.
 */
export function isProgram(content: Buffer): boolean {
  return (
    content.subarray(0, 2).toString('latin1') === '#!' ||
    content.subarray(0, 4).toString('latin1') === '\x7fELF'
  );
}
