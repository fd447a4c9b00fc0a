import test from 'ava';
import { junitReport } from '../../src/report/junit.ts';
import { fleetStory } from './fleet-story.ts';

const suiteOf = (text: string, host: string) =>
  text.split('<testsuite ').find(part => part.startsWith(`name="${host}"`)) ?? '';

test('a drifted host has a failure where it differs, and passes where it does not', t => {
  const suite = suiteOf(junitReport(fleetStory(30)), 'kvm-07.example.org');
  t.regex(suite, /tests="11" failures="2" errors="0" skipped="0"/);
  t.regex(
    suite,
    /<testcase classname="kvm-07\.example\.org" name="vdsm-hook site_audit" time="0\.000"><failure type="drift" message="site_audit [^"]*: content">[^<]*\n- content 9f31ab02\n\+ content 1c2d3e4f<\/failure>/,
  );
  t.regex(suite, /name="vdsm-hook diskunmap" time="0\.000"\/>/);
});

test('a host that failed or was unreachable is an error, and what is not known because of it is skipped', t => {
  const text = junitReport(fleetStory(30));
  const gone = suiteOf(text, 'kvm-03.example.org');
  t.regex(gone, /tests="11" failures="0" errors="1" skipped="10"/);
  t.regex(gone, /name="host" time="10\.000"><error type="timeout" message="unreachable: The host did not/);
  const failed = suiteOf(text, 'kvm-11.example.org');
  t.regex(failed, /<error type="probe" message="failed: The database[^>]*>[^<]*exit code: 1\nerror: rpmdb/);
});

test('a test case stands for each host and each thing that was wanted there', t => {
  const story = fleetStory(30);
  const text = junitReport(story);
  const wanted = story.hosts.flatMap(({ cells }) => cells.filter(({ state }) => state !== 'none'));
  t.is(text.split('<testcase ').length - 1, wanted.length + story.hosts.length);
  const [, tests, failures] = /<testsuites [^>]*tests="(\d+)" failures="(\d+)"/.exec(text) ?? [];
  t.is(Number(tests), wanted.length + story.hosts.length);
  t.is(Number(failures), wanted.filter(({ state }) => state === 'drifted').length);
});

test('what an apply has changed passes, and says what it was', t => {
  const story = fleetStory(3);
  const hosts = story.hosts.map(host => ({
    ...host,
    cells: host.cells.map(cell => (cell.state === 'drifted' ? { ...cell, state: 'changed' as const } : cell)),
  }));
  const text = junitReport({ ...story, hosts });
  t.notRegex(text, /<failure/);
  t.regex(text, /<system-out>vdsm-hook diskunmap [^<]*: mode\n- 0644\n\+ 0755<\/system-out>/);
});
