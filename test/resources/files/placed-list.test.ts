import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import {
  CLAIMED,
  type Placed,
  parsePlaced,
  printPlaced,
  updatePlaced,
} from '../../../src/resources/files/placed-list.ts';

const SHA = 'a'.repeat(64);
const FOLDER = '/usr/libexec/vdsm/hooks/before_vm_start';

function entry(name: string, playbook = 'site.yml', sha256 = SHA): Placed {
  return { path: `${FOLDER}/${name}`, sha256, hook: 'audit', playbook };
}

test('an entry survives its line, whatever its hook and playbook are called', t => {
  const word = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(word, word, (hook, playbook) => {
      const made = { ...entry('50_audit'), hook, playbook };
      const line = printPlaced(made);
      t.notRegex(line, /[\n\r]/);
      t.deepEqual(parsePlaced(line), made);
    }),
  );
});

test('what is no line of the list is not taken for one', t => {
  const line = printPlaced(entry('50_audit'));
  for (const wrong of [
    '',
    'x',
    line.slice(1),
    `${line}\tx`,
    line.replace(SHA, 'a'),
    `${line}%`,
    line.slice(0, 90),
  ]) {
    t.is(parsePlaced(wrong), undefined, wrong);
  }
});

/** The root folder of a host with the given list. */
function hostFolder(t: ExecutionContext, list?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-placed-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  if (list !== undefined) {
    mkdirSync(join(folder, 'var/lib/hookfleet'), { recursive: true });
    writeFileSync(join(folder, 'var/lib/hookfleet/placed'), list);
  }
  return folder;
}

function update(cwd: string, add: readonly Placed[], drop: readonly string[]) {
  const script = `set -e\n${updatePlaced(add, drop).text}`;
  const { status, stderr } = spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8' });
  return { status, stderr };
}

const listOf = (folder: string) => readFileSync(join(folder, 'var/lib/hookfleet/placed'), 'utf8');
const text = (...entries: readonly (Placed | string)[]) =>
  entries.map(one => `${typeof one === 'string' ? one : printPlaced(one)}\n`).join('');

test('a first entry makes the list', t => {
  const folder = hostFolder(t);
  t.is(update(folder, [entry('50_audit')], []).status, 0);
  t.is(listOf(folder), text(entry('50_audit')));
  t.deepEqual(readdirSync(join(folder, 'var/lib/hookfleet')), ['placed']);
});

test('entries are replaced, added and dropped; every other line stays as it is', t => {
  const others = [
    'a line of a newer version',
    '  \\t two  blanks \\',
    entry('50_audit.py'),
    entry('50_audi'),
  ];
  const folder = hostFolder(t, text(entry('50_audit'), ...others, entry('60_old')));
  const edited = entry('50_audit', 'site.yml', 'b'.repeat(64));
  t.is(update(folder, [edited, entry('70_new')], [`${FOLDER}/60_old`]).status, 0);
  t.is(listOf(folder), text(...others, edited, entry('70_new')));
});

test('a list without a last line feed loses nothing', t => {
  const folder = hostFolder(t, text(entry('50_audit')).trimEnd());
  t.is(update(folder, [entry('60_x')], []).status, 0);
  t.is(listOf(folder), text(entry('50_audit'), entry('60_x')));
});

test('names stand for themselves, and for no pattern or command', t => {
  const strange = { ...entry('*'), hook: '$(touch here) %s', playbook: 'a\tb\n[c]*' };
  const folder = hostFolder(t, text(entry('50_audit')));
  t.is(update(folder, [strange], []).status, 0);
  t.is(update(folder, [strange], []).status, 0);
  t.is(listOf(folder), text(entry('50_audit'), strange));
  t.is(update(folder, [], [strange.path]).status, 0);
  t.is(listOf(folder), text(entry('50_audit')));
  t.false(existsSync(join(folder, 'here')));
});

test('a path that another playbook has placed is refused, its line is printed, and the list stays', t => {
  const before = text(entry('50_audit', 'other.yml'), entry('60_x'));
  const folder = hostFolder(t, before);
  const { status, stderr } = update(folder, [entry('60_x'), entry('50_audit')], []);
  t.is(status, CLAIMED);
  t.deepEqual(stderr.split('\n').map(parsePlaced)[0], entry('50_audit', 'other.yml'));
  t.is(listOf(folder), before);
  t.deepEqual(readdirSync(join(folder, 'var/lib/hookfleet')), ['placed']);
});

test('what a killed run left beside the list is cleared away', t => {
  const folder = hostFolder(t, '');
  writeFileSync(join(folder, 'var/lib/hookfleet/.placed-abcdef'), 'half a li');
  t.is(update(folder, [entry('50_audit')], []).status, 0);
  t.deepEqual(readdirSync(join(folder, 'var/lib/hookfleet')), ['placed']);
});
