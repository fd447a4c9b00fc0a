import test from 'ava';
import { enginePage, historyPage, lockTable } from '../../src/report/engine-properties.ts';
import { makePaint } from '../../src/report/paint.ts';

const look = { width: 60, paint: makePaint({}, { NO_COLOR: '1' }) };

test('an engine without properties says so, and its notes are broken into lines', t => {
  const page = enginePage(
    { name: 'e1', levels: ['4.7', '4.8'], rows: [], unreadable: [], notes: ['word '.repeat(20).trim()] },
    look,
  );
  const [first, second, ...notes] = page.split('\n');
  t.is(first, 'e1  cluster levels 4.7 4.8');
  t.is(second, '  no custom properties');
  t.true(notes.length > 1 && notes.every(line => line.length <= 60));
});

test('text of an engine cannot drive the terminal, and stays on its line', t => {
  const row = { name: 'a', where: 'vm', regex: 'x\u001b[2J\ny\tz', levels: ['4.8'], hooks: [] };
  const bad = { key: 'K', level: '4.8', value: '\u0007a\nb' };
  const page = enginePage({ name: 'e1', levels: ['4.8'], rows: [row], unreadable: [bad], notes: [] }, look);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  t.notRegex(page, /[\u0000-\u0009\u000b-\u001f]/);
  t.is(page.split('\n').length, 5);
});

test('a history shows per run the values by key', t => {
  const changed = [
    'UserDefinedVMProperties 4.7',
    'UserDefinedVMProperties 4.8',
    'CustomDeviceProperties 4.8',
  ];
  t.deepEqual(historyPage('e1', [{ run: 'r1', holder: 'ana', changed }], look).split('\n'), [
    'e1',
    '  RUN  BY   CHANGED',
    '  r1   ana  UserDefinedVMProperties 4.7 4.8, CustomDeviceProperties 4.8',
  ]);
  t.is(historyPage('e1', [], look), 'e1\n  no run has changed it');
});

test('locks are one line an engine', t => {
  const text = lockTable(
    [
      { name: 'e1' },
      { name: 'engine-2', held: { by: 'ana', meaning: 'it is there', left: false } },
      { name: 'e3', held: { by: 'ben', meaning: 'it is gone', left: true } },
    ],
    look,
  );
  t.deepEqual(text.split('\n'), [
    'e1        free',
    'engine-2  locked       by ana: it is there',
    'e3        left behind  by ben: it is gone',
  ]);
});
