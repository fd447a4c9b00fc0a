/** The style of the page. It stands in the page as it is here: the page's policy allows exactly this text. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --raised: #f6f8fa; --line: #d0d7de; --text: #1f2328; --dim: #57606a; --link: #0550ae;
  --ok: #116329; --ok-back: #dafbe1; --changed: #0550ae; --changed-back: #ddf4ff;
  --drifted: #7d4e00; --drifted-back: #fff0b3; --failed: #a40e26; --failed-back: #ffe1de;
  --unreachable: #6639ba; --unreachable-back: #f1e5ff; --idle: #57606a; --idle-back: #eaeef2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --raised: #161b22; --line: #30363d; --text: #e6edf3; --dim: #9198a1; --link: #79c0ff;
    --ok: #7ee787; --ok-back: #12261e; --changed: #79c0ff; --changed-back: #10233d;
    --drifted: #f2cc60; --drifted-back: #3a2a06; --failed: #ffa198; --failed-back: #47181a;
    --unreachable: #d2a8ff; --unreachable-back: #2c1a47; --idle: #9198a1; --idle-back: #21262d;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 0 1.25rem 2rem; background: var(--page); color: var(--text); font: 15px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { margin: 1rem 0 0; font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .6rem; font-size: 1.2rem; }
h3 { margin: 0 0 .4rem; font-size: 1rem; overflow-wrap: anywhere; }
header > p { margin: .2rem 0; color: var(--dim); }
header > p.alert, .alert { color: var(--failed); font-weight: 600; }
.stale { color: var(--failed); font-weight: 600; }
a { color: var(--link); }
a:focus-visible, .scroll:focus-visible, article:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
.skip { position: absolute; left: -99em; }
.skip:focus { left: 1rem; top: .5rem; padding: .3rem .6rem; background: var(--page); z-index: 9; }
code, pre { font: .9em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
code { overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
ul { margin: 0; padding: 0; list-style: none; }

.ok { color: var(--ok); background: var(--ok-back); }
.changed { color: var(--changed); background: var(--changed-back); }
.drifted { color: var(--drifted); background: var(--drifted-back); }
.failed { color: var(--failed); background: var(--failed-back); }
.unreachable { color: var(--unreachable); background: var(--unreachable-back); }
.skipped, .cancelled, .unknown { color: var(--idle); background: var(--idle-back); }
.none { color: var(--dim); background: none; }
.badge::before, .tiles span::before, .matrix td::before, .cell::before { font-family: "DejaVu Sans", "Segoe UI Symbol", "Apple Symbols", sans-serif; font-weight: 700; }
.badge::before { margin-right: .4em; }
.ok::before { content: "\\2713"; content: "\\2713" / ""; }
.changed::before { content: "\\21bb"; content: "\\21bb" / ""; }
.drifted::before { content: "\\2260"; content: "\\2260" / ""; }
.failed::before { content: "\\2715"; content: "\\2715" / ""; }
.unreachable::before { content: "\\2298"; content: "\\2298" / ""; }
.skipped::before { content: "\\2013"; content: "\\2013" / ""; }
.cancelled::before { content: "\\25a1"; content: "\\25a1" / ""; }
.unknown::before { content: "?"; content: "?" / ""; }
.none:not(i)::before { content: "\\b7"; content: "\\b7" / ""; }
article::before { content: none !important; }

.badge { display: inline-block; padding: 0 .5em; border-radius: 1em; white-space: nowrap; }
.totals { display: flex; flex-wrap: wrap; gap: .5rem; margin: .8rem 0; }
.totals li { padding: .35rem .9rem; border-radius: .5rem; font-size: 1.1rem; }
.totals .all { background: var(--raised); }
.totals b { font-size: 1.8rem; font-variant-numeric: tabular-nums; }
.tiles { display: flex; flex-wrap: wrap; gap: 2px; margin: .8rem 0; }
.tiles span { width: 18px; height: 18px; border-radius: 3px; font-size: 12px; line-height: 18px; text-align: center; }

form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin-bottom: .7rem; }
form[hidden] { display: none; }
fieldset { display: flex; flex-wrap: wrap; gap: .2rem .7rem; margin: 0; padding: 0; border: 0; }
legend { float: left; padding: 0; margin-right: .5rem; }
input, select, button { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: .35rem; padding: .15rem .5rem; max-width: 22em; }
output { color: var(--dim); }

table { border-collapse: collapse; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .15rem .55rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
thead th { background: var(--raised); font-weight: 600; }
.zero { color: var(--dim); }
.wide { overflow-x: auto; max-width: 100%; }
.scroll { position: relative; max-height: 85vh; overflow: auto; border: 1px solid var(--line); border-radius: .4rem; width: fit-content; max-width: 100%; }
.scroll td, .scroll th { overflow-wrap: normal; }
.matrix { border-collapse: separate; border-spacing: 0; }
.matrix thead { position: sticky; top: 0; z-index: 2; }
.matrix thead th, .matrix thead td { background: var(--raised); vertical-align: bottom; }
.matrix thead span { display: block; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 15em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.matrix tbody th { position: sticky; left: 0; z-index: 1; background: var(--page); font-weight: 400; white-space: nowrap; }
.matrix thead th:first-child { position: sticky; left: 0; z-index: 3; }
.matrix td { white-space: nowrap; }
.matrix td:nth-child(n + 3), .matrix .counts td { min-width: 2.1em; text-align: center; border-left: 1px solid var(--page); font-variant-numeric: tabular-nums; }
.matrix tbody tr:hover th, .matrix tbody tr:focus-within th { background: var(--raised); }
.counts th { font-weight: 400; }
.matrix i, td i:not(.none) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .6rem 0 1rem; color: var(--dim); }
.cell { display: inline-block; width: 1.6em; border-radius: 3px; text-align: center; }

article { margin: 0 0 .8rem; padding: .7rem .9rem; border: 1px solid var(--line); border-left: .4rem solid currentcolor; border-radius: .4rem; }
article[class] { background: none; }
article > * { color: var(--text); }
article[class]:target { background: var(--raised); }
article p { margin: .3rem 0; }
.note, dt { color: var(--dim); }
.message { font-weight: 600; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .3rem 0; }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
dd pre { padding: .3rem .6rem; background: var(--raised); border-radius: .3rem; }
.names { display: flex; flex-wrap: wrap; gap: 0 .9em; }
.names li { overflow-wrap: break-word; }
summary { cursor: pointer; overflow-wrap: anywhere; }
.changes { margin: .4rem 0; }
.changes th { font-weight: 400; }
th[scope=row] { font-weight: 500; }
.changes thead th, .since thead th { background: none; color: var(--dim); font-weight: 400; }
del, ins { text-decoration: none; overflow-wrap: anywhere; }
del { color: var(--failed); } ins { color: var(--ok); }
.engine del::before { content: "\\2212 "; } .engine ins::before { content: "+ "; }
.versions, .groups, .since { margin-bottom: 1rem; }
.versions b { color: var(--drifted); }
.bar { margin-left: .6em; vertical-align: middle; fill: var(--changed); }
.bar .whole { fill: var(--idle-back); }
footer { margin-top: 2rem; color: var(--dim); }

@media print {
  :root { --page: #ffffff; --raised: #f6f8fa; --line: #b8c0c8; --text: #000000; --dim: #444c56; --link: #000000;
    --ok: #116329; --ok-back: #dafbe1; --changed: #0550ae; --changed-back: #ddf4ff; --drifted: #7d4e00; --drifted-back: #fff0b3;
    --failed: #a40e26; --failed-back: #ffe1de; --unreachable: #6639ba; --unreachable-back: #f1e5ff; --idle: #57606a; --idle-back: #eaeef2; }
  body { max-width: none; padding: 0; font-size: 10px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  form, .skip { display: none; }
  .wide { overflow: visible; }
  .scroll { max-height: none; overflow: visible; border: 0; max-width: none; }
  .matrix thead, .matrix tbody th, .matrix thead th:first-child { position: static; }
  tr, h2, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; }
  a { text-decoration: none; }
  .tiles span { width: 10px; height: 10px; font-size: 7px; line-height: 10px; }
  details::details-content { content-visibility: visible; display: block; }
}
`;
