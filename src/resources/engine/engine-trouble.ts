import type { Explanation } from '../resource.ts';

/** What a failed engine-config means. Its texts are those of the tool; Java's and the database's are not matched, they vary. */
export function explainTool(exitCode: number, said: string): Explanation {
  if (exitCode === 126 || exitCode === 127) {
    return {
      message: 'engine-config cannot be run on this host',
      hint: 'Custom properties belong in a play for the host of an oVirt engine; there the package ovirt-engine-tools brings it.',
    };
  }
  if (exitCode === 124 || exitCode === 137) {
    return {
      message: 'engine-config did not answer within 60 s',
      hint: "A locked row or a stuck database server makes it wait: look at pg_stat_activity in the engine's database.",
    };
  }
  if (said.includes('Connection to the Database failed')) {
    return {
      message: "engine-config cannot reach the engine's database",
      hint: 'It says so for a stopped or unknown server, a wrong password, and unreadable files in /etc/ovirt-engine/engine.conf.d alike: check postgresql, 10-setup-database.conf, and `become: true` in the play.',
    };
  }
  if (exitCode === 0) {
    return {
      message: 'engine-config answered what cannot be read',
      hint: 'Run the command on the host: one line a cluster level is expected.',
    };
  }
  return {
    message: 'engine-config failed',
    hint: 'Run the command on the host as root; its own words are all that it tells.',
  };
}
