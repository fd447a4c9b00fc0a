import test from 'ava';
import { formatProblem, InputError } from '../../src/core/input-error.ts';

test('a problem is written as compilers do, its hint on the next line', t => {
  t.is(
    formatProblem({
      place: { file: 'site.yml', line: 3, column: 5 },
      message: 'unknown key',
      hint: 'did you mean x?',
    }),
    'site.yml:3:5: unknown key\n  did you mean x?',
  );
  t.is(formatProblem({ place: { file: 'hosts' }, message: 'no such file' }), 'hosts: no such file');
  t.is(formatProblem({ message: 'no inventory' }), 'no inventory');
});

test('all problems of an input are told, not the first alone', t => {
  const error = new InputError([{ message: 'one' }, { message: 'two' }]);
  t.is(error.message, 'one\ntwo');
});
