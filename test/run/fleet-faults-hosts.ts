import type { FleetFaultGroup } from './fleet-faults-case.ts';

const AGAIN = 'hookfleet apply site.yml -i hosts.ini';

/** Trouble on the hosts themselves. */
export const HOSTS: FleetFaultGroup = {
  title: 'Trouble on the hosts',
  cases: [
    {
      id: 'repository-broken',
      fault: 'A repository cannot be read on half of the hosts',
      exitCodes: [1],
      hosts: '4 hosts: 2 changed, 2 failed',
      says: 'The repository lab of this host cannot be read',
      after:
        'Nothing is installed on the two. They are named under one heading, with what dnf says. Once the repository is mended, the next command installs there.',
      next: `${AGAIN} -l kvm-03,kvm-04`,
    },
    {
      id: 'two-vdsm',
      fault: 'Two versions of VDSM in one fleet, and a hook that needs exactly that of its host',
      exitCodes: [0],
      hosts: '4 hosts: 4 changed',
      after:
        'Each host has the version of the hook that fits its VDSM, and the next run finds nothing to do.',
    },
    {
      id: 'two-vdsm-pinned',
      fault: 'The same, and the play wants the version of the newer VDSM',
      exitCodes: [1],
      hosts: '4 hosts: 2 changed, 2 failed',
      says: 'This would change other packages of the host: vdsm 4.50.5-1 (upgraded); nothing was touched',
      after: 'Neither the hook nor VDSM is changed on the hosts with the older one.',
      next: `${AGAIN} -l kvm-03,kvm-04`,
    },
    {
      id: 'power-cut',
      fault:
        'Two hosts lose their power and boot anew: one in a transaction of dnf, one while a file is written',
      exitCodes: [1],
      hosts: '3 hosts: 1 changed, 2 failed',
      says: 'Lost during apply, at "install slow": the connection was lost in part 2 of 4 of the script…',
      after:
        'No hook is half there. `check` shows what is still due, and the unfinished file. The next command heals both, once they are up.',
      next: AGAIN,
    },
    {
      id: 'power-cut-engine',
      fault: 'The engine’s host does, between the first property and the restart',
      exitCodes: [1],
      hosts: '1 host: 1 failed',
      says: 'Lost during apply, at "set UserDefinedVMProperties at 4.7": the connection was lost in part 5 of 8 of the script…',
      after:
        'The engine’s lock is left, `lock status` tells that the host was started anew since. The next command takes it over, sets the rest, and restarts the engine once.',
      next: AGAIN,
    },
    {
      id: 'disk-full',
      fault: 'The disk of one host is full when a hook of the site’s own is changed',
      exitCodes: [1],
      hosts: '3 hosts: 2 changed, 1 failed',
      says: 'The disk of this host is full',
      after: 'It has the hook as it was, whole. Once there is space, the next command changes it.',
      next: AGAIN,
    },
    {
      id: 'disk-full-package',
      fault: 'The same when a package is installed',
      exitCodes: [1],
      hosts: '3 hosts: 2 changed, 1 failed',
      says: 'The disk of this host is full',
      after: 'Nothing of the package is there. Once there is space, the next command installs it.',
      next: `${AGAIN} -l kvm-02`,
    },
    {
      id: 'clock-host',
      fault: 'The clocks of all hosts are 20 years ahead or behind, and so are the times of their files',
      exitCodes: [0],
      hosts: '3 hosts: 3 changed',
      after: 'As ever: what is to be done is told from content and versions. A lock names the host’s time.',
    },
  ],
};
