import test from 'ava';
import {
  exampleValue,
  nameProblem,
  propertyNameProblem,
  takenProblem,
} from '../../../src/authoring/new/new-hook.ts';

test('names of hooks are small letters, digits and underscores', t => {
  for (const name of ['', 'Audit', '5_audit', 'a-b', 'a b', '../a', `a${'b'.repeat(40)}`]) {
    t.not(nameProblem(name), undefined, name);
  }
  t.is(nameProblem('site_audit2'), undefined);
});

test('a name of the catalogue is taken', t => {
  t.regex(takenProblem('macbind')?.message ?? '', /"macbind" is a hook of the catalogue/);
  t.is(takenProblem('site_audit'), undefined);
});

test('a property never has a name of the environment, nor one that the engine defines', t => {
  for (const name of ['PATH', 'LD_PRELOAD', 'PYTHONPATH', 'vmId', '_hook_domxml', '1a', 'a-b', '']) {
    t.not(propertyNameProblem(name, 'vm'), undefined, name);
  }
  t.not(propertyNameProblem('hugepages', 'vm'), undefined);
  t.is(propertyNameProblem('hugepages', 'device'), undefined);
  t.not(propertyNameProblem('bridge_opts', 'network'), undefined);
  t.is(propertyNameProblem('audit_tag', 'vm'), undefined);
});

test('an example fits the whole of a regex', t => {
  t.is(exampleValue('^(true|false)$'), 'true');
  t.is(exampleValue('[0-9]+'), '1');
  t.is(exampleValue('^[0-9a-f:]{17}$'), '00:1a:4a:16:01:51');
  t.is(exampleValue('^[0-9]+-[0-9]+$'), '1-2');
  t.is(exampleValue('^[a-z]{3}_[0-9]{7}$'), 'VALUE');
  t.is(exampleValue('(?i:x'), 'VALUE');
});
