import test from 'ava';
import type { RunEvent } from '../../src/core/event.ts';
import type { HostResult } from '../../src/core/host-result.ts';
import { makePaint } from '../../src/report/paint.ts';
import { plainReporter } from '../../src/report/plain.ts';

const ok: HostResult = { outcome: 'ok', changes: [], error: null, notes: [], ms: 5 };
const failed: HostResult = {
  ...ok,
  outcome: 'failed',
  error: {
    kind: 'x',
    message: 'it\u001b broke\nbadly',
    step: 's',
    command: null,
    exitCode: null,
    stderr: null,
    hint: null,
  },
};
const events: readonly RunEvent[] = [
  { type: 'run-started', command: 'check', plays: [{ name: 'hooks', hosts: ['a', 'b'] }], forks: 2 },
  { type: 'play-started', play: 0 },
  { type: 'host-finished', play: 0, host: 'a', result: ok },
  { type: 'host-finished', play: 0, host: 'b', result: failed },
];

function linesOf(verbose: boolean): string[] {
  const lines: string[] = [];
  const report = plainReporter(line => lines.push(line), makePaint({}, {}), verbose);
  events.forEach(report);
  return lines;
}

test('in a pipe there is a line a play, and one for each host that is not simply ok', t => {
  t.deepEqual(linesOf(false), ['hooks: 2 hosts', '  failed b: it\\u{1b} broke 5 ms']);
});

test('--verbose names every host', t => {
  t.deepEqual(linesOf(true), ['hooks: 2 hosts', '  ok a 5 ms', '  failed b: it\\u{1b} broke 5 ms']);
});
