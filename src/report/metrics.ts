import { OUTCOMES } from '../core/outcome.ts';
import type { Cell, FleetData, FleetHost } from './fleet-data.ts';

/** What every series says of the run that it comes from. */
interface RunLabels {
  readonly playbook: string;
  readonly command: string;
}

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

const STATES: readonly Cell['state'][] = ['ok', 'changed', 'drifted', 'unknown'];

/**
 * A run in Prometheus' text format, for the textfile collector of node_exporter. Each series names playbook and command,
 * so that several files can lie side by side. What the run did not come to has no series.
 *
 * @param lastSuccess when an earlier run saw every host, in seconds since 1970; {@link lastSuccessIn} reads it.
 */
export function metricsReport(fleet: FleetData, lastSuccess: number | undefined): string {
  const { about, hosts, columns, groups } = fleet;
  const labels = labelsOf(fleet);
  const success = isSuccess(fleet) ? Math.floor(about.endedAt / 1000) : lastSuccess;
  const one = (value: number): Sample[] => [{ labels: {}, value }];
  const each = (pick: (host: FleetHost) => number | undefined): Sample[] =>
    hosts.flatMap(host => {
      const value = pick(host);
      return value === undefined ? [] : [{ labels: { host: host.name }, value }];
    });
  const metric = (name: string, help: string, samples: readonly Sample[]) =>
    metricText(`hookfleet_${name}`, help, samples, labels);
  return [
    metric('last_run_timestamp_seconds', 'When the last run ended.', one(Math.floor(about.endedAt / 1000))),
    metric(
      LAST_SUCCESS,
      'When the last run ended that saw every host, and on which none failed.',
      success === undefined ? [] : one(success),
    ),
    metric(
      'run_duration_seconds',
      'How long the last run took.',
      one((about.endedAt - about.startedAt) / 1000),
    ),
    metric('run_exit_code', 'The exit code of the last run.', one(about.exitCode)),
    metric('hosts', 'Hosts of the last run by outcome.', outcomeCounts(hosts, {})),
    metric(
      'group_hosts',
      'Hosts of the last run by group of the inventory and outcome.',
      groups.flatMap(group =>
        outcomeCounts(
          hosts.filter(host => host.groups.includes(group)),
          { group },
        ),
      ),
    ),
    metric('host_reachable', 'Whether the host could be reached.', each(reachable)),
    metric('host_failed', 'Whether something went wrong on the host.', each(failed)),
    metric('host_differences', 'How many differences are left on the host.', each(differences)),
    metric(
      'resource_hosts',
      'Hosts by what was looked at on them (a hook, a package, a service) and its state.',
      columns.flatMap(({ resource, label }, i) =>
        STATES.map(state => ({
          labels: { resource, name: label, state },
          value: hosts.filter(({ cells }) => cells[i]?.state === state).length,
        })),
      ),
    ),
    metric(
      'host_resource_differences',
      'How many differences a hook, a package or a service has on the host; none where it has none.',
      hosts.flatMap(({ name, cells }) =>
        columns.flatMap(({ resource, label }, i) => {
          const cell = cells[i];
          return cell?.state === 'drifted'
            ? [{ labels: { host: name, resource, name: label }, value: cell.changes.length }]
            : [];
        }),
      ),
    ),
  ].join('');
}

const LAST_SUCCESS = 'last_success_timestamp_seconds';

/** The time of the last success that an earlier file of the same playbook and command has; undefined for none. */
export function lastSuccessIn(text: string, fleet: Pick<FleetData, 'about'>): number | undefined {
  const head = `hookfleet_${LAST_SUCCESS}${labelText(labelsOf(fleet))} `;
  const line = text.split('\n').find(one => one.startsWith(head));
  const seconds = Number(line?.slice(head.length));
  return line !== undefined && Number.isFinite(seconds) ? seconds : undefined;
}

function labelsOf({ about: { playbook, command } }: Pick<FleetData, 'about'>): RunLabels & Labels {
  return { playbook, command };
}

/** Exit codes 0 and 3: nothing failed, and every host was seen. */
function isSuccess({ about: { exitCode } }: FleetData): boolean {
  return exitCode === 0 || exitCode === 3;
}

function outcomeCounts(hosts: readonly FleetHost[], labels: Labels): Sample[] {
  return OUTCOMES.toReversed().map(outcome => ({
    labels: { ...labels, outcome },
    value: hosts.filter(({ result }) => result.outcome === outcome).length,
  }));
}

function reachable({ result: { outcome } }: FleetHost): number | undefined {
  return outcome === 'skipped' || outcome === 'cancelled' ? undefined : outcome === 'unreachable' ? 0 : 1;
}

function failed({ result: { outcome } }: FleetHost): number | undefined {
  return outcome === 'skipped' || outcome === 'cancelled' ? undefined : outcome === 'failed' ? 1 : 0;
}

function differences({ result: { outcome, changes } }: FleetHost): number | undefined {
  return outcome === 'drifted' ? changes.length : outcome === 'ok' || outcome === 'changed' ? 0 : undefined;
}

function metricText(name: string, help: string, samples: readonly Sample[], run: Labels): string {
  if (samples.length === 0) {
    return '';
  }
  const lines = samples.map(({ labels, value }) => `${name}${labelText({ ...run, ...labels })} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

/** As the text format has it. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
