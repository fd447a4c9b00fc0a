import type { FleetFaultGroup } from './fleet-faults-case.ts';

const AGAIN = 'hookfleet apply site.yml -i hosts.ini';

/** Trouble on the machine that hookfleet runs on. */
export const CONTROL: FleetFaultGroup = {
  title: 'The control machine',
  cases: [
    {
      id: 'record-full',
      fault: 'There is no space for the record of the run',
      exitCodes: [0],
      hosts: '2 hosts: 2 changed',
      says: 'warning: the record of this run is incomplete: ENOSPC: no space left on device, write',
      after:
        'The hosts are none the worse for it. `runs` names a record that cannot be read, and `--rerun` does not take it.',
    },
    {
      id: 'output-full',
      fault: 'There is no space for the output (`>run.log`)',
      exitCodes: [1],
      hosts: 'all changed',
      says: 'The output could not be written: ENOSPC: no space left on device, write',
      after: 'The run goes on to its end. `hookfleet runs show` tells what came of it.',
    },
    {
      id: 'known-hosts-full',
      fault: 'There is no space for new host keys (`--host-key-checking accept-new`)',
      exitCodes: [4],
      hosts: '2 hosts: 2 unreachable',
      says: 'the key of the host is new and could not be recorded: …; ENOSPC: no space left on device, write',
      after: 'No host is logged in to. The known_hosts file is as it was.',
      next: `${AGAIN} --host-key-checking accept-new`,
    },
    {
      id: 'clock-control',
      fault: 'The clock is 20 years ahead at one run, and 20 years behind at the next',
      exitCodes: [0],
      hosts: '3 hosts: 3 changed',
      after:
        'As ever. But runs are told apart by the time of their start: the one from the future stays the last one for `runs show`, `--rerun` and `engine restore last`, so name another by its id.',
    },
  ],
};

/** Several people, and several names. */
export const OTHERS: FleetFaultGroup = {
  title: 'Two at once',
  cases: [
    {
      id: 'operators-same',
      fault: 'Two operators apply the same playbook at once, with an engine play',
      exitCodes: [0],
      hosts: 'each host `changed` for one of them and `ok` for the other',
      after: 'Every change is made once, and the engine restarted once.',
    },
    {
      id: 'operators-different',
      fault: 'Two operators apply different playbooks at once, each with hooks and properties of its own',
      exitCodes: [0],
      hosts: '5 hosts: 5 changed',
      after: 'Every host has the hooks of both, the engine the properties of both, after one restart each.',
    },
    {
      id: 'operators-at-odds',
      fault: 'Two operators apply playbooks that want different content of one hook',
      exitCodes: [0, 1],
      hosts:
        'each `changed` for both of them, or `failed` (`verify`) for the one whose hook was replaced at once',
      after:
        'Every host has one of the two hooks whole: that of the later one. `check` of the other playbook shows the drift.',
    },
    {
      id: 'operators-impatient',
      fault: 'Another hookfleet changes a host for longer than `--lock-wait`',
      exitCodes: [1],
      hosts: '1 host: 1 failed',
      says: 'Another hookfleet is changing this host: …, process …, since …Z',
      after:
        'The other one is not disturbed. The next command, typed when it has ended, does what is still due.',
      next: `${AGAIN} --lock-wait 1`,
    },
    {
      id: 'two-names',
      fault: 'The inventory has a hypervisor and the engine under two names each',
      exitCodes: [0],
      hosts: '4 hosts: 2 ok, 2 changed',
      says: 'warning: 2 hosts have several names in the inventory: kvm-01 and kvm-one; engine-1 and manager',
      after: 'Each is changed under one of its names and `ok` under the other; the engine is restarted once.',
    },
  ],
};
