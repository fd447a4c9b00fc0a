import test from 'ava';
import { chooseNamed, uniquePath } from '../../../src/cli/vm/choose-named.ts';
import { InputError } from '../../../src/core/input-error.ts';

const VMS = [
  { id: 'a', path: 'north/web' },
  { id: 'b', path: 'south/web' },
  { id: 'c', path: '-/db' },
  { id: 'd', path: '-/db' },
];
const NAMING = { noun: 'VM', which: 'By its id.' };
const chosen = (...patterns: string[]) => chooseNamed(VMS, patterns, NAMING).map(({ id }) => id);

test('names, the last parts of paths, ids and globs of them choose, each once', t => {
  t.deepEqual(chosen('south/web'), ['b']);
  t.deepEqual(chosen('web*', 'a'), ['a', 'b']);
  t.deepEqual(chosen('*/web', 'c'), ['a', 'b', 'c']);
  t.deepEqual(chosen('*'), ['a', 'b', 'c', 'd']);
});

test('a name that several have is refused, with all of them, and what nobody has too', t => {
  const { problems } = t.throws(() => chosen('web', '-/db', 'wbe'), { instanceOf: InputError });
  t.deepEqual(
    problems.map(({ message, hint }) => [message, hint]),
    [
      ['2 VMs are called web: north/web, south/web', 'By its id.'],
      ['2 VMs are called -/db: -/db, -/db', 'By its id.'],
      ['the engine shows no VM wbe to this user; a property is name=value', 'Did you mean "web"?'],
    ],
  );
});

test('what two have alike tells neither: then it is the id', t => {
  t.deepEqual(
    VMS.map(one => uniquePath(one, VMS)),
    ['north/web', 'south/web', 'c', 'd'],
  );
});
