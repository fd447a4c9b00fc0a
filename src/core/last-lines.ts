/** The end of what a command wrote, for an error: at most 15 lines, empty ones at the end left out; null for nothing. */
export function lastLines(text: string): string | null {
  const trimmed = text.trimEnd();
  return trimmed === '' ? null : trimmed.split('\n').slice(-15).join('\n');
}
