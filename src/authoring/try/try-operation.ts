import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { LibvirtDriverHooks, LibvirtOperation } from '../../catalog/libvirt-drivers.ts';
import { isAlive } from '../../catalog/libvirt-events.ts';
import { LIBVIRT_HOOK_USER, notesOf } from '../../catalog/libvirt-notes.ts';
import { isMachineCode } from '../../lint/hook-script.ts';
import type { Script } from './listing.ts';
import { type Ran, runScript } from './run-script.ts';
import { isEndless, notesOn, type Tried, type TriedScript } from './tried.ts';
import { linesOf, SERVICE_PATH, type TryLimits } from './try-event.ts';
import { sentence } from './verdict.ts';

/** What libvirt gives its hooks. */
export interface OperationInput {
  /** Undefined where there is none. */
  readonly stdin: string | undefined;
  /** As a noun, for people. */
  readonly given: string;
}

/**
 * Calls the scripts of a driver as libvirt does for an operation: four arguments, next to no environment; all of them, also
 * after one has failed. Of migrate and restore, what one prints is the stdin of the next, as long as none has failed. Source:
 * src/util/virhook.c, src/util/vircommand.c.
 */
export async function tryOperation(
  hooks: LibvirtDriverHooks,
  operation: LibvirtOperation,
  scripts: readonly Script[],
  input: OperationInput,
  limits: TryLimits,
): Promise<Tried> {
  const { name, subOperation, extra, output } = operation;
  const object = hooks.object === '-' ? '-' : objectIn(input.stdin ?? '');
  const tried: TriedScript[] = [];
  let result = '';
  let stopped = false;
  for (const script of scripts) {
    if (stopped || limits.signal.aborted) {
      tried.push({ name: script.name, ran: undefined, failed: false, changed: false, notes: [] });
      continue;
    }
    const chained = output && result !== '' && tried.every(one => !one.failed);
    const ran = await run(
      script,
      [object, name, subOperation, extra],
      chained ? result : input.stdin,
      limits,
    );
    const failed = ran.status !== 0;
    const printed = ran.stdout.trim() !== '';
    const taken = output && printed && !failed;
    result = taken ? ran.stdout : result;
    const thrown = printed && !output ? ['It prints to stdout, and libvirt throws that away.'] : [];
    tried.push({
      name: script.name,
      ran,
      failed,
      changed: taken,
      notes: [...notesOn(ran, 'libvirt'), ...thrown],
    });
    stopped = isEndless(ran);
  }
  const [before, after] = [linesOf('XML', input.stdin ?? '', false), linesOf('XML', result, false)];
  const fault = result === '' ? undefined : after.fault;
  return {
    title: `${hooks.driver} ${name}`,
    caller: 'libvirt',
    user: LIBVIRT_HOOK_USER,
    given: `${[object, name, subOperation, extra].join(' ')}; on stdin ${input.given}`,
    scripts: tried,
    ...judge(hooks, operation, tried, fault),
    outcome:
      output && result !== ''
        ? { kind: 'XML', used: true, before: before.lines, after: after.lines, fault }
        : undefined,
  };
}

async function run(
  { path }: Script,
  args: readonly string[],
  stdin: string | undefined,
  limits: TryLimits,
): Promise<Ran> {
  if (!(await isProgram(path))) {
    return {
      ...{ status: 126, endedBy: undefined, stdout: '', ms: 0, ending: 'refused', heldMs: 0, left: [] },
      stderr: 'Exec format error: it begins neither with #! nor as a program in machine code\n',
    };
  }
  const env = {
    PATH: SERVICE_PATH,
    LC_ALL: 'C',
    HOME: join(limits.folder, 'home'),
    TMPDIR: join(limits.folder, 'tmp'),
  };
  return runScript({ path, args, env, stdin, ...limits });
}

/** Whether the kernel starts it: libvirt has no shell as a fallback. What cannot be read is left to the kernel. */
async function isProgram(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return isMachineCode(buffer) || buffer.subarray(0, Math.min(2, bytesRead)).toString('latin1') === '#!';
    } finally {
      await file.close();
    }
  } catch {
    return true;
  }
}

/** The name of the domain or network: the first `<name>`. */
function objectIn(xml: string): string {
  return /<name>\s*([^<]*?)\s*<\/name>/.exec(xml)?.[1] ?? '-';
}

function judge(
  hooks: LibvirtDriverHooks,
  operation: LibvirtOperation,
  tried: readonly TriedScript[],
  fault: string | undefined,
): Pick<Tried, 'goesOn' | 'verdict' | 'notes'> {
  const { aborts, output, instead } = operation;
  const { failure } = notesOf(hooks.driver, operation);
  const failed = tried.filter(one => one.failed);
  const endless = tried.find(one => one.ran !== undefined && isEndless(one.ran));
  const notes = [
    ...(isAlive(operation) ? [] : [`No libvirt of today calls this operation. ${instead ?? ''}`.trim()]),
    ...(aborts && failed.length > 1
      ? [`libvirt's error would show the stderr of ${failed.at(-1)?.name}, the last that failed.`]
      : []),
    ...(output && fault === undefined && tried.some(one => one.changed)
      ? [
          'What was printed is the new domain XML. It must be compatible with the old one, and the domain is marked as tainted.',
        ]
      : []),
  ];
  if (endless) {
    const held = hooks.object === 'domain' ? ', with the domain locked' : '';
    return { goesOn: false, verdict: `libvirt would wait for ${endless.name} for ever${held}.`, notes };
  }
  if (failed.length > 0) {
    return aborts
      ? { goesOn: false, verdict: sentence(failure), notes }
      : { goesOn: true, verdict: `libvirt would go on: a failure ${logged(failure)}.`, notes };
  }
  return fault === undefined
    ? { goesOn: true, verdict: 'libvirt would go on.', notes }
    : {
        goesOn: false,
        verdict: `What was printed is no well-formed XML (${fault}): ${failure}.`,
        notes,
      };
}

/** A failure that aborts nothing, as the end of a sentence: the catalogue says either what is done with it, or with the status. */
function logged(failure: string): string {
  return failure.startsWith('is ') ? failure : `is no more than that: ${failure}`;
}
