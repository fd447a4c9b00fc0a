/** What one part of a script did on a host. */
export interface Section {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
