import { createHash } from 'node:crypto';
import type { Change } from '../../core/change.ts';
import { HostError } from '../../core/failure.ts';
import { type Sh, sh } from '../../core/sh.ts';
import { placeFile } from '../files/place-file.ts';
import type { Diff, Resource } from '../resource.ts';
import { type DeployTasks, deployTasksText } from './deploy-tasks.ts';
import { type PartOfFile, partOf, withPart } from './deploy-tasks-file.ts';

/** Included by the engine whenever a host is installed or reinstalled (ovirt-engine: AnsibleConstants.java). */
export const TASKS_FILE = '/etc/ovirt-engine/ansible/ovirt-host-deploy-post-tasks.yml';

export interface HostDeployTasksWanted {
  readonly tasks: DeployTasks;
  /** Absent: the playbook's part is taken out again. */
  readonly state: 'present' | 'absent';
  /** What the tasks cannot bring. */
  readonly notes: readonly string[];
}

export interface HostDeployTasksFound {
  /** Whether the host has an engine at all. */
  readonly engine: boolean;
  readonly file: TasksFile | undefined;
}

interface TasksFile {
  /** `regular file`, `symbolic link` …, as stat calls it. */
  readonly type: string;
  /** Octal. */
  readonly mode: string;
  /** By numbers, since not every owner has a name: `0:0`. */
  readonly owner: string;
  readonly text: string;
  /** Otherwise `text` is not what the file holds. */
  readonly isUtf8: boolean;
}

const FILE = `.${TASKS_FILE}`;

/** A playbook's part of the tasks by which an engine's new hosts get the hook packages, beside the tasks of others. */
export const hostDeployTasksResource: Resource<HostDeployTasksWanted, HostDeployTasksFound> = {
  kind: 'host-deploy-tasks',

  probe: () => sh`[ -d ./etc/ovirt-engine ] && echo engine || echo none
if [ -e ${FILE} ] || [ -L ${FILE} ]; then stat -c '%a %u:%g %F' -- ${FILE} && base64 -w0 <${FILE}; fi`,

  read({ stdout, stderr, exitCode }) {
    const [engine, status, base64 = ''] = stdout.split('\n');
    const [, mode, owner, type] = /^([0-7]+) (\S+:\S+) (.+)$/.exec(status ?? '') ?? [];
    if (exitCode !== 0 || (status !== undefined && status !== '' && type === undefined)) {
      throw new HostError('failed', {
        kind: 'probe',
        step: 'probe',
        message: `${TASKS_FILE} cannot be read`,
        exitCode,
        stderr,
        hint: `Look at it on the host: ls -l ${TASKS_FILE}`,
      });
    }
    const bytes = Buffer.from(base64, 'base64');
    const text = bytes.toString('utf8');
    return {
      engine: engine === 'engine',
      file:
        mode === undefined || owner === undefined || type === undefined
          ? undefined
          : { mode, owner, type, text, isUtf8: Buffer.from(text).equals(bytes) },
    };
  },

  diff(wanted, { engine, file }): Diff {
    const part = partOf(file?.text ?? '', wanted.tasks.playbook);
    const after = wanted.state === 'present' ? deployTasksText(wanted.tasks, part.indent) : null;
    if (part.text === after) {
      return { changes: [], blocked: [], notes: wanted.notes };
    }
    const change: Change = {
      resource: 'host-deploy-tasks',
      id: TASKS_FILE,
      action: after === null ? 'remove' : 'set',
      before: part.text ?? null,
      after,
    };
    const trouble = blockedBy(engine, file, part);
    return trouble === undefined
      ? { changes: [change], blocked: [], notes: wanted.notes }
      : { changes: [], blocked: [{ change, ...trouble }], notes: wanted.notes };
  },

  apply: (changes, wanted, { file }) =>
    changes.map(change => ({
      title: `${change.action === 'set' ? 'write the tasks' : 'take the tasks out'} of ${wanted.tasks.playbook} for new hosts`,
      script: sh`${asProbed(file)}
${written(file, withPart(file?.text ?? '', wanted.tasks.playbook, change.after))}`,
      timeoutSeconds: 30,
      changes: [change],
      explain: ({ exitCode }) =>
        exitCode === CHANGED
          ? { message: `Somebody changes ${TASKS_FILE} at this moment`, hint: 'Run this again.' }
          : undefined,
    })),

  subjects: () => [{ resource: 'host-deploy-tasks', id: '' }],
};

/** A file of which nothing is left goes. */
function written(file: TasksFile | undefined, text: string): Sh {
  return text.trim() === ''
    ? sh`rm -f -- ${FILE}`
    : sh`mkdir -p -m 0755 ./etc/ovirt-engine/ansible
${placeFile({
  path: TASKS_FILE,
  content: Buffer.from(text),
  mode: Number.parseInt(file?.mode ?? '644', 8),
  owner: file?.owner ?? 'root:root',
})}`;
}

/** What the step says where the file is not the one that the change was made from. */
const CHANGED = 76;

function asProbed(file: TasksFile | undefined): Sh {
  const digest = createHash('sha256')
    .update(file?.text ?? '')
    .digest('hex');
  return file === undefined
    ? sh`[ ! -e ${FILE} ] || exit ${CHANGED}`
    : sh`[ "$(sha256sum <${FILE})" = ${`${digest}  -`} ] || exit ${CHANGED}`;
}

function blockedBy(
  engine: boolean,
  file: TasksFile | undefined,
  part: PartOfFile,
): { message: string; hint: string } | undefined {
  if (!engine) {
    return {
      message: 'This host has no engine: there is no /etc/ovirt-engine',
      hint: 'host_deploy_tasks belongs into the play of the engine host.',
    };
  }
  if (file !== undefined && !file.type.startsWith('regular')) {
    return {
      message: `${TASKS_FILE} is a ${file.type}`,
      hint: 'It is left as it is. Put a file of its own there, then run again.',
    };
  }
  const fault = file?.isUtf8 === false ? 'it holds text that is not UTF-8' : part.fault;
  return fault === undefined
    ? undefined
    : {
        message: `${TASKS_FILE} is no list of tasks that more could be added to: ${fault}`,
        hint: 'It is left as it is. Mend it, or print the tasks with `hookfleet engine deploy-tasks` and include them yourself.',
      };
}
