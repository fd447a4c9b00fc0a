import test from 'ava';
import fc from 'fast-check';
import { lastSuccessIn, metricsReport } from '../../src/report/metrics.ts';
import { fleetStory, PLAIN } from './fleet-story.ts';

const RUN = 'playbook="/srv/hookfleet/site.yml",command="check"';

/** The values of a metric, by the labels that a series has besides those of its run. */
function valuesOf(text: string, name: string): Record<string, number> {
  const head = `hookfleet_${name}{${RUN}`;
  return Object.fromEntries(
    text
      .split('\n')
      .filter(line => line.startsWith(head))
      .map(line => {
        const end = line.lastIndexOf('} ');
        return [line.slice(head.length, end).replace(/^,/, ''), Number(line.slice(end + 2))];
      }),
  );
}

test('drift and reachability are told by host, by hook and by group', t => {
  const story = fleetStory(40);
  const text = metricsReport(story, undefined);
  const count = (outcome: string) => story.hosts.filter(({ result }) => result.outcome === outcome).length;
  t.is(valuesOf(text, 'hosts')['outcome="drifted"'], count('drifted'));
  t.is(valuesOf(text, 'hosts')['outcome="changed"'], 0);
  const reachable = valuesOf(text, 'host_reachable');
  t.is(Object.keys(reachable).length, 41);
  t.is(reachable['host="kvm-03.example.org"'], 0);
  t.is(reachable['host="kvm-02.example.org"'], 1);
  t.is(valuesOf(text, 'host_differences')['host="kvm-07.example.org"'], 2);
  t.is(valuesOf(text, 'host_differences')['host="kvm-01.example.org"'], 0);
  t.is(valuesOf(text, 'host_differences')['host="kvm-03.example.org"'], undefined, 'nothing is known of it');
  t.is(valuesOf(text, 'host_failed')['host="kvm-11.example.org"'], 1);
  const hooks = valuesOf(text, 'resource_hosts');
  t.is(hooks['resource="vdsm-hook",name="nestedvt",state="drifted"'], 3);
  t.is(hooks['resource="vdsm-hook",name="nestedvt",state="unknown"'], 2);
  t.is(
    valuesOf(text, 'host_resource_differences')[
      'host="kvm-05.example.org",resource="vdsm-hook",name="nestedvt"'
    ],
    1,
  );
  const groups = valuesOf(text, 'group_hosts');
  t.is(groups['group="engine",outcome="drifted"'], 1);
  t.is(groups['group="hypervisors",outcome="unreachable"'], 1);
});

test('the time of the last success outlives a run that fails', t => {
  const story = fleetStory(3);
  const well = { ...story, about: { ...story.about, exitCode: 3 } };
  const first = metricsReport(well, undefined);
  const seconds = Math.floor(story.about.endedAt / 1000);
  t.is(lastSuccessIn(first, story), seconds);
  const failing = { ...story, about: { ...story.about, exitCode: 1, endedAt: story.about.endedAt + 60_000 } };
  const second = metricsReport(failing, lastSuccessIn(first, failing));
  t.is(lastSuccessIn(second, story), seconds);
  t.is(valuesOf(second, 'last_run_timestamp_seconds')[''], seconds + 60);
  const other = { about: { ...story.about, playbook: '/other.yml' } };
  t.is(lastSuccessIn(second, other), undefined, 'that of another playbook is none');
  t.is(lastSuccessIn(metricsReport(failing, undefined), story), undefined);
  t.is(lastSuccessIn('not metrics at all', story), undefined);
});

test('whatever a host is called, each series is one line, and no two are the same', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), text => {
      const story = fleetStory(3, {
        ...PLAIN,
        host: (number, hosts) => `${PLAIN.host(number, hosts)}${text}`,
      });
      const lines = metricsReport(story, 7).trimEnd().split('\n');
      const series = lines
        .filter(line => !line.startsWith('#'))
        .map(line => line.slice(0, line.lastIndexOf(' ')));
      t.is(new Set(series).size, series.length);
      const label = /^hookfleet_[a-z_]+\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*\}$/;
      t.deepEqual(
        series.filter(one => !label.test(one)),
        [],
      );
    }),
  );
});
