import { execFileSync } from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import { readXml } from '../../../src/authoring/try/read-xml.ts';

const WELL: readonly { readonly text: string; readonly lines: readonly string[] }[] = [
  { text: '<a/>', lines: ['<a/>'] },
  { text: '<a></a>', lines: ['<a/>'] },
  { text: "<?xml version='1.0'?>\n<a b='1' a=\"2\" >\n x  </a>\n", lines: ['<a a="2" b="1">x</a>'] },
  { text: '<a><b>1</b><!-- c --><d/></a>', lines: ['<a>', '  <b>1</b>', '  <!-- c -->', '  <d/>', '</a>'] },
  { text: '<a>1<b/>2</a>', lines: ['<a>', '  1', '  <b/>', '  2', '</a>'] },
  { text: '<a x="&quot;&#65;&#x42;">&lt;&amp;&gt;</a>', lines: ['<a x="&quot;AB">&lt;&amp;></a>'] },
  { text: '<a><![CDATA[<b>&]]></a>', lines: ['<a>&lt;b>&amp;</a>'] },
  { text: '<a>one\r\n  two</a>', lines: ['<a>', '  one', '  two', '</a>'] },
  { text: '<o:a xmlns:o="u"><o:b/></o:a>', lines: ['<o:a xmlns:o="u">', '  <o:b/>', '</o:a>'] },
  { text: '<!DOCTYPE a><?pi x?><a/><!-- end -->', lines: ['<a/>', '<!-- end -->'] },
  { text: '<ä ö="ü"/>', lines: ['<ä ö="ü"/>'] },
];

for (const { text, lines } of WELL) {
  test(`${JSON.stringify(text)} is well-formed, and written an element a line`, t => {
    const read = readXml(text);
    t.deepEqual('lines' in read ? read.lines : read, lines);
  });
}

const FAULTY: readonly { readonly text: string; readonly line: number; readonly says: RegExp }[] = [
  { text: '', line: 1, says: /no element/ },
  { text: '<a>\n<b>\n</a>', line: 3, says: /<\/a> ends <b> of line 2/ },
  { text: '<a>', line: 1, says: /<a> of line 1 has no end/ },
  { text: '</a>', line: 1, says: /ends nothing/ },
  { text: '<a/>\n<b/>', line: 2, says: /behind the end of <a>/ },
  { text: '<a/>\nx', line: 1, says: /text outside of the root element: "x"/ },
  { text: 'x<a/>', line: 1, says: /text outside/ },
  { text: '<a b=1/>', line: 1, says: /no tag: "<a b=1\/>"/ },
  { text: "<a b='1' b='2'/>", line: 1, says: /attribute b twice/ },
  { text: "<a b='<'/>", line: 1, says: /bare "<"/ },
  { text: '<a>\n & </a>', line: 1, says: /bare "&"/ },
  { text: '<a>&nbsp;</a>', line: 1, says: /&nbsp;/ },
  { text: '<a>&#1;</a>', line: 1, says: /&#1;/ },
  { text: '<a>\n\u0001</a>', line: 2, says: /code 1/ },
  { text: '<a>]]></a>', line: 1, says: /\]\]>/ },
  { text: '<a><!-- -- --></a>', line: 1, says: /"--" in a comment/ },
  { text: '<a><!-- </a>', line: 1, says: /no tag/ },
  { text: '\n<?xml version="1.0"?><a/>', line: 2, says: /no tag/ },
  { text: '<o:a/>', line: 1, says: /prefix of o:a is not declared/ },
  { text: '<a'.repeat(3), line: 1, says: /no tag/ },
  { text: '<a>'.repeat(300), line: 1, says: /more than 256/ },
];

for (const { text, line, says } of FAULTY) {
  test(`${JSON.stringify(text.slice(0, 40))} is a fault, with its line`, t => {
    const read = readXml(text);
    t.true('fault' in read);
    if ('fault' in read) {
      t.regex(read.fault, says);
      t.is(read.line, line);
    }
  });
}

test('a prefix that is not declared is none of libvirt’s business', t => {
  t.true('lines' in readXml('<o:a/>', false));
});

test('long texts are read in no time, and do not overflow the stack', t => {
  const began = performance.now();
  t.true('lines' in readXml(`<a>${'<b c="d">e</b>\n'.repeat(200_000)}</a>`));
  t.true('lines' in readXml(`<a><!--${'x'.repeat(5_000_000)}--></a>`));
  t.true('lines' in readXml(`<a>${'x'.repeat(5_000_000)}</a>`));
  t.true('fault' in readXml(`<a ${'b="1" '.repeat(100_000)}`));
  t.true(performance.now() - began < 30_000);
});

const PIECES = [
  '<a>',
  '</a>',
  '<b c="1">',
  '</b>',
  '<d/>',
  ' ',
  'x',
  '&amp;',
  '&',
  '<',
  '>',
  '<!-- y -->',
  '<!--',
  '-->',
  ']]>',
  '<![CDATA[z]]>',
  '<?p?>',
  '"',
  "<e f='2' f='3'/>",
  '<o:g/>',
  '<h xmlns:o="u"><o:g/></h>',
  '\n',
];

test('it agrees with Python, by which VDSM reads XML, on what is well-formed', t => {
  const texts = fc.sample(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map(pieces => pieces.join('')),
    { numRuns: 4000, seed: 13 },
  );
  const wrapped = texts.flatMap(text => [text, `<a>${text}</a>`, `<a>${text}</b>`]);
  const program = [
    'import json, sys',
    'from xml.dom import minidom',
    'def ok(text):',
    '    try:',
    '        minidom.parseString(text.encode("utf-8"))',
    '        return True',
    '    except Exception:',
    '        return False',
    'print(json.dumps([ok(text) for text in json.load(sys.stdin)]))',
  ].join('\n');
  const said: readonly boolean[] = JSON.parse(
    execFileSync('python3', ['-c', program], { input: JSON.stringify(wrapped), encoding: 'utf8' }),
  );
  const differ = wrapped.filter((text, i) => 'lines' in readXml(text) !== said[i]);
  t.deepEqual(differ, []);
  t.true(said.filter(Boolean).length > 500);
});
