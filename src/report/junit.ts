import type { Change } from '../core/change.ts';
import type { Failure } from '../core/failure.ts';
import { printable } from '../core/printable.ts';
import type { Cell, FleetColumn, FleetData, FleetHost } from './fleet-data.ts';

/**
 * A run as JUnit's XML, which every CI system reads: a test suite a host, in it the test case `host` and one for each
 * thing that was looked at there. Drift is a failure of its test case; a host that failed or was unreachable is an
 * error of `host`, and what is not known because of it is skipped.
 */
export function junitReport(fleet: FleetData): string {
  const { about, hosts, columns } = fleet;
  const suites = hosts.map(host => suiteOf(host, columns, about.startedAt));
  const all = sumUp(suites.flatMap(({ cases }) => cases));
  const name = [`hookfleet ${about.command}`, ...about.words].join(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...all, time: seconds(about.endedAt - about.startedAt) })}>`,
    ...suites.map(({ text }) => text),
    '</testsuites>\n',
  ].join('\n');
}

interface Case {
  readonly kind: 'failure' | 'error' | 'skipped' | 'passed';
  readonly text: string;
}

function suiteOf({ name, result, cells }: FleetHost, columns: readonly FleetColumn[], startedAt: number) {
  const cases = [
    hostCase(name, result),
    ...columns.flatMap((column, i) => {
      const cell = cells[i];
      return cell === undefined || cell.state === 'none' ? [] : [columnCase(name, column, cell)];
    }),
  ];
  const head = {
    name,
    hostname: name,
    timestamp: new Date(startedAt).toISOString().slice(0, 19),
    ...sumUp(cases),
    time: seconds(result.ms),
  };
  const text = [`  <testsuite${attributes(head)}>`, ...cases.map(one => one.text), '  </testsuite>'].join(
    '\n',
  );
  return { cases, text };
}

function sumUp(cases: readonly Case[]) {
  const number = (kind: Case['kind']) => cases.filter(one => one.kind === kind).length;
  return {
    tests: cases.length,
    failures: number('failure'),
    errors: number('error'),
    skipped: number('skipped'),
  };
}

/** Whether the host could be looked at at all. */
function hostCase(host: string, { outcome, error, notes, ms }: FleetHost['result']): Case {
  const head = { classname: host, name: 'host', time: seconds(ms) };
  if (error === null) {
    return testCase(head, 'passed', notes.length === 0 ? '' : element('system-out', {}, notes.join('\n')));
  }
  const isError = outcome === 'failed' || outcome === 'unreachable';
  return isError
    ? testCase(
        head,
        'error',
        element('error', { type: error.kind, message: `${outcome}: ${error.message}` }, failureText(error)),
      )
    : testCase(head, 'skipped', element('skipped', { message: `${outcome}: ${error.message}` }, ''));
}

function columnCase(host: string, { resource, label }: FleetColumn, { state, changes }: Cell): Case {
  const head = { classname: host, name: `${resource} ${label}`, time: seconds(0) };
  const told = changes.map(changeText).join('\n');
  switch (state) {
    case 'drifted':
      return testCase(
        head,
        'failure',
        element('failure', { type: 'drift', message: briefly(changes) }, told),
      );
    case 'unknown':
      return testCase(head, 'skipped', element('skipped', { message: 'The run did not come to it' }, ''));
    case 'changed':
      return testCase(head, 'passed', element('system-out', {}, told));
    default:
      return testCase(head, 'passed', '');
  }
}

function testCase(head: Readonly<Record<string, string>>, kind: Case['kind'], inside: string): Case {
  const start = `    <testcase${attributes(head)}`;
  return { kind, text: inside === '' ? `${start}/>` : `${start}>${inside}</testcase>` };
}

function element(name: string, values: Readonly<Record<string, string>>, text: string): string {
  const start = `<${name}${attributes(values)}`;
  return text === '' ? `${start}/>` : `${start}>${xml(text)}</${name}>`;
}

function briefly(changes: readonly Change[]): string {
  return changes.map(({ id, action }) => `${id}: ${action}`).join('; ');
}

function changeText({ resource, id, action, before, after }: Change): string {
  return `${resource} ${id}: ${action}\n- ${before ?? '(none)'}\n+ ${after ?? '(none)'}`;
}

function failureText({ message, step, command, exitCode, stderr, hint }: Failure): string {
  return [
    message,
    `at: ${step}`,
    ...(command === null ? [] : [`command: ${command}`]),
    ...(exitCode === null ? [] : [`exit code: ${exitCode}`]),
    ...(stderr === null ? [] : [stderr]),
    ...(hint === null ? [] : [`hint: ${hint}`]),
  ].join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${xml(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('');
}

/** Some characters cannot stand in XML 1.0 in any way: control characters, halves of a pair, and two more. */
function xml(text: string): string {
  return printable(text)
    .replaceAll(/\p{Surrogate}|[\ufffe\uffff]/gu, one => `\\u{${one.charCodeAt(0).toString(16)}}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
