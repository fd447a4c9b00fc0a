import { type Finding, finding } from '../finding.ts';
import type { Command } from './commands.ts';

/** Programs of libvirt that talk to its daemon. */
const CLIENT = /^(?:\/[\w./-]*\/)?(?:virsh|virt-(?:admin|clone|df|install|manager|top|viewer|xml))$/;

/** Commands that run the command behind them. */
const WRAPPERS = new Set([
  ...['command', 'env', 'exec', 'ionice', 'nice', 'nohup', 'setsid', 'stdbuf', 'sudo', 'time', 'timeout'],
  ...['runuser', 'xargs', '!'],
]);

const SHELLS = /^(?:\/[\w./-]*\/)?(?:(?:ba|da)?sh|su|eval)$/;

/**
 * libvirt holds the lock of the guest while its hook runs: `virsh list`, and all that asks for this guest, wait for the
 * hook, and the hook for them (seen with 9.0.0). What the hook leaves behind, detached, may ask later.
 */
export function libvirtCalls(commands: readonly Command[]): Finding[] {
  return commands.flatMap(command => {
    const called = calls(command);
    const detached = command.background && command.stdout === 'away' && command.stderr === 'away';
    if (called === undefined || detached) {
      return [];
    }
    const device = command.words.find(word => /^nodedev-(?:detach|reattach|reset)$/.test(word.text))?.text;
    return [
      device === undefined
        ? libvirtCall(command.line, called)
        : deviceCall(command.line, `${called} ${device}`),
    ];
  });
}

/** Scripts for GPUs do so everywhere, and get away with it: it asks for no guest. */
function deviceCall(line: number, what: string): Finding {
  return finding(
    'libvirt-call',
    line,
    `${what} asks libvirt while libvirt waits for the hook; it asks for no guest, so it mostly returns, but libvirt forbids it`,
    "Leave it to libvirt: <hostdev … managed='yes'> detaches the device and gives it back.",
    'warning',
  );
}

export function libvirtCall(line: number, what: string): Finding {
  return finding(
    'libvirt-call',
    line,
    `${what} asks libvirt while libvirt waits for the hook with the guest locked, which can hang for ever`,
    'Take what you need from the XML on stdin; what has to ask libvirt runs later, by `systemd-run --no-block`.',
  );
}

function calls({ words }: Command): string | undefined {
  const [first, ...others] = words.map(word => word.text);
  if (first === undefined) {
    return undefined;
  }
  if (CLIENT.test(first)) {
    return first;
  }
  if (WRAPPERS.has(first)) {
    return others[0] === '-v' || others[0] === '-V' ? undefined : others.find(word => CLIENT.test(word));
  }
  if (SHELLS.test(first)) {
    return others.some(word => /(?:^|[\s;&|(])virsh\s/.test(word)) ? 'virsh' : undefined;
  }
  return /^(?:socat|nc|ncat)$/.test(first) && others.some(word => word.includes('/libvirt/qemu/'))
    ? `${first} to the monitor`
    : undefined;
}
