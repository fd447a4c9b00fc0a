import type { Problem } from '../core/input-error.ts';
import type { Variable } from './inventory.ts';
import { readSshArgs, type SshArgs } from './ssh-args.ts';

/** Variables that hold arguments for ssh, in the order in which ssh gets them: the first value of a setting counts. */
export const SSH_ARGS_VARIABLES = [
  'ansible_ssh_args',
  'ansible_ssh_common_args',
  'ansible_ssh_extra_args',
] as const;

/** What the variables of one host come to together, in ssh's order. */
export function sshArgsOf(variables: readonly Variable[]): {
  readonly args: SshArgs;
  readonly problems: readonly Problem[];
} {
  const read = variables.map(variable => ({ variable, ...readOne(variable) }));
  return {
    args: Object.assign({}, ...read.map(({ args }) => args).reverse()),
    problems: read.flatMap(({ variable: { name, place, secret }, faults }) =>
      faults.map(({ message, ...fault }) =>
        secret
          ? { place, message: `${name}: it cannot be used; it was encrypted, so it is not shown` }
          : { place, message: `${name}: ${message}`, ...fault },
      ),
    ),
  };
}

/** What is passed over in such a variable; nothing for any other. */
export function sshArgsWarnings({ name, text, place }: Variable): readonly Problem[] {
  return (SSH_ARGS_VARIABLES as readonly string[]).includes(name)
    ? readSshArgs(text).warnings.map(({ message, ...warning }) => ({
        place,
        message: `${name}: ${message}`,
        ...warning,
      }))
    : [];
}

function readOne({ text }: Variable): ReturnType<typeof readSshArgs> {
  return /\{\{|\{%/.test(text)
    ? {
        args: {},
        warnings: [],
        faults: [
          {
            message: `it holds a template: ${text}`,
            hint: 'Templates are not evaluated; write the value itself',
          },
        ],
      }
    : readSshArgs(text);
}
