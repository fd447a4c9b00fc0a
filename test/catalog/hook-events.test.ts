import test from 'ava';
import { eventsOf, hooksAt } from '../../src/catalog/hook-events.ts';
import { HOOKS } from '../../src/catalog/hooks.ts';

test('the events of a hook are those of its files, each once', t => {
  for (const hook of HOOKS) {
    t.deepEqual(
      eventsOf(hook).toSorted(),
      [...new Set(hook.files.map(file => file.event))].sort(),
      hook.name,
    );
  }
});

test('at an event are the hooks of today with a script there', t => {
  t.deepEqual(
    hooksAt('before_device_create').map(hook => hook.name),
    ['allocate_net', 'extnet', 'openstacknet', 'vmfex_dev', 'ovirt_provider_ovn_hook'],
  );
  t.deepEqual(hooksAt('before_vm_pause'), []);
});
