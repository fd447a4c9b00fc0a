import type { Control, Report } from './fleet.ts';

/** How one run of the program ended, seen from the one host. */
export interface Rolled {
  readonly exitCode: number | undefined;
  readonly outcome: string | undefined;
  /** `action id` of each change. */
  readonly changes: readonly string[];
  /** The error's message, with its hint behind it; empty where there is none. */
  readonly error: string;
  readonly notes: readonly string[];
  /** Everything the program printed, for messages of a failed test and for input errors. */
  readonly output: string;
}

/** Runs the program with a playbook of one play, on a fleet of one host. */
export async function rollPlay(
  control: Control,
  command: 'apply' | 'check',
  play: Readonly<Record<string, unknown>>,
): Promise<Rolled> {
  // JSON is YAML.
  await control.write('site.yml', `${JSON.stringify([play], null, 2)}\n`);
  const ran = await control.run(command, 'site.yml', '-i', 'hosts.ini', '--json');
  const report: Report | undefined = ran.stdout === '' ? undefined : JSON.parse(ran.stdout);
  const result = Object.values(report?.hosts ?? {})[0];
  return {
    exitCode: ran.exitCode,
    outcome: result?.outcome,
    changes: result?.changes.map(({ action, id }) => `${action} ${id}`) ?? [],
    error: [result?.error?.message, result?.error?.hint].filter(Boolean).join(' '),
    notes: result?.notes ?? [],
    output: ran.stdout + ran.stderr,
  };
}
