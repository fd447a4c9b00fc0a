import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { html, trusted } from '../../../src/report/page/html.ts';
import { pageReport } from '../../../src/report/page/page.ts';
import { fleetStory } from '../fleet-story.ts';

test('text becomes text in HTML, never markup; control characters become visible', t => {
  const evil = `<b a="1" c='2'>&\u0007`;
  t.is(
    html`<i title="${evil}">${[evil, html`<u>${1}</u>`]}</i>`.text,
    '<i title="&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\\u{7}">&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\\u{7}<u>1</u></i>',
  );
  t.is(html`${trusted('<hr>')}`.text, '<hr>');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      t.notRegex(html`${text}`.text, /[<>"'\u202e]|&(?!(?:amp|lt|gt|quot|#39);)/);
    }),
  );
});

test('every host stands in the page by its whole name, and the page knows no address of another place', t => {
  const story = fleetStory(1000);
  const page = pageReport(story, new Map());
  for (const { name } of story.hosts) {
    t.true(page.includes(`>${name}<`), name);
  }
  t.notRegex(page, /https?:|\/\/[a-z]|url\(|@import|<link|<img|<iframe|<object/i);
});

test('the policy of the page allows its own style and script, and nothing else', t => {
  const page = pageReport(fleetStory(3), new Map());
  const [, escaped = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const policy = escaped.replaceAll('&#39;', "'");
  for (const [tag, directive] of [
    ['style', 'style-src'],
    ['script', 'script-src'],
  ] as const) {
    const [, text = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) ?? [];
    t.is(page.split(`<${tag}`).length, 2, `one ${tag}`);
    const hash = createHash('sha256').update(text).digest('base64');
    t.true(policy.split('; ').includes(`${directive} 'sha256-${hash}'`));
  }
  t.true(policy.startsWith("default-src 'none'; "));
  t.notRegex(policy, /unsafe|\*|data:|https?:/);
  t.notRegex(page, / style=| on[a-z]+=/);
});

test('hosts with the same differences are told of once', t => {
  const page = pageReport(fleetStory(120), new Map());
  const blocks = page.split('<article ').slice(1);
  t.true(blocks.length < 12, `${blocks.length}`);
  t.is(blocks.filter(block => block.includes('The host did not take a TCP connection')).length, 1);
});
