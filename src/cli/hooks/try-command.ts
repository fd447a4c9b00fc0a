import { type Command, InvalidArgumentError } from 'commander';
import type { TryOptions } from './try-hook.ts';

/** The command that runs a hook before any host does. */
export function addTry(hooks: Command, done: (exitCode: number) => void): void {
  hooks
    .command('try')
    .description('run a hook here as VDSM or libvirt would, and see what would come of it')
    .argument('<path>', 'a hook, the folder of one event, or a script')
    .option('--event <event>', 'the event of VDSM, where the path does not say it')
    .option('--domxml <file>', 'what the scripts are given: XML or JSON (default: a sample)')
    .option('--prop <name=value>', 'a custom property of the VM, or of the networks; may be repeated', gather)
    .option('--device-prop <name=value>', 'a custom property of the device; may be repeated', gather)
    .option('--driver <driver>', 'as libvirt does for this driver: qemu, network …')
    .option('--op <operation>', 'the operation of the driver, or all of them: prepare, all')
    .option('--timeout <seconds>', 'how long each script may take', seconds, 30)
    .option('--yes', 'run them as root too, without asking')
    .option('--json', 'print one JSON document on stdout')
    .action(async (path: string, options: TryOptions) => {
      const { tryHook } = await import('./try-hook.ts');
      done(await tryHook(path, options));
    });
}

function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function seconds(value: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(value) || Number(value) <= 0 || Number(value) > 3600) {
    throw new InvalidArgumentError('Use seconds: 30.');
  }
  return Number(value);
}
