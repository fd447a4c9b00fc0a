import type { FleetFaultGroup } from './fleet-faults-case.ts';

const AGAIN = 'hookfleet apply site.yml -i hosts.ini';

/** Hosts that are not reached, or not any more. */
export const AWAY: FleetFaultGroup = {
  title: 'Hosts that are away',
  cases: [
    {
      id: 'unreachable-0',
      fault: '5 % of the hosts do not answer, with `max_fail_percentage: 0`; an engine play follows',
      exitCodes: [1],
      hosts: '21 hosts: 19 changed, 1 skipped, 1 unreachable',
      says: 'Stopped: 1 of 20 hosts of "Hooks" failed or was unreachable (kvm-20), more than max_fail_percentage: 0 allows.',
      after: 'The other hosts have the hooks. The engine is not contacted.',
      next: AGAIN,
    },
    {
      id: 'unreachable-10',
      fault: 'The same with `max_fail_percentage: 10`',
      exitCodes: [4],
      hosts: '21 hosts: 20 changed, 1 unreachable',
      says: 'the host refused the connection (tried 3 times)',
      after:
        'The engine has the properties, and was restarted once. Once the host is back the next command brings it up to date, and leaves the engine alone.',
      next: AGAIN,
    },
    {
      id: 'unreachable-canary',
      fault: 'The canary does not answer (`serial: [1, 100%]`)',
      exitCodes: [1],
      hosts: '20 hosts: 19 skipped, 1 unreachable',
      says: 'Stopped: 1 of 1 host of batch 1 of 2 of "Hooks" failed or was unreachable (kvm-00), more than max_fail_percentage: 0 allows.',
      after: 'No other host is contacted.',
      next: AGAIN,
    },
    {
      id: 'batch-lost',
      fault: 'All hosts of the second of three batches fail `verify`, with `max_failed: 3`',
      exitCodes: [1],
      hosts: '6 hosts: 2 changed, 2 skipped, 2 failed',
      says: 'Stopped: 2 of 2 hosts of batch 2 of 3 of "Hooks" failed or were unreachable (kvm-03, kvm-04): none came through.',
      after:
        'The first two batches have the hooks, the third is as it was. Once the two are mended, the next command goes on with the third.',
      next: AGAIN,
    },
    {
      id: 'bastion-dies',
      fault: 'The jump host dies while two hosts behind it are changed (`-f 2`)',
      exitCodes: [1],
      hosts: '4 hosts: 2 unreachable, 2 failed',
      says: 'Lost during apply, at "list in /var/lib/hookfleet/placed what is placed": the connection was lost in part 2 of 3 of the script: the connection to the jump host … was lost',
      after:
        'On the two hosts the step that had begun is finished, and no further one begins. The others are not changed. Once the jump host is back, the next command heals all.',
      next: `${AGAIN} -f 2 -J ops@…`,
    },
  ],
};
