import { playbookJsonSchema } from '../../playbook/json-schema.ts';

/** The command `schema`: the schema of playbooks for editors, on stdout. Gives the exit code. */
export function printSchema(): number {
  process.stdout.write(`${JSON.stringify(playbookJsonSchema(), null, 2)}\n`);
  return 0;
}
