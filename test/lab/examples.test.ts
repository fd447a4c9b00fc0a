import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { parse } from 'yaml';
import { BIN } from './fleet.ts';
import { boot } from './in-test.ts';

const EXAMPLES = fileURLToPath(new URL('../../docs/examples/', import.meta.url));
const UNITS = ['hookfleet-check.service', 'hookfleet-check.timer'];

/** Options that the program does not know would be told before all else. */
async function takesOptions(args: readonly string[]): Promise<string> {
  const { stderr } = await execa(process.execPath, [BIN, ...args], { cwd: tmpdir(), reject: false });
  return stderr.includes('unknown option') ? stderr : '';
}

test('systemd takes the units of the nightly check, runs it, and holds drift for no failure', async t => {
  const host = await boot(t);
  for (const unit of UNITS) {
    await copyFile(join(EXAMPLES, unit), join(host.root, 'etc/systemd/system', unit));
  }
  await host.exec(`useradd hookfleet 2>/dev/null || adduser --disabled-password hookfleet
mkdir -p /srv/hookfleet
printf '%s\\n' '#!/bin/sh' 'printf "%s\\n" "$@" >/var/tmp/arguments' 'exit 3' >/usr/local/bin/hookfleet
chmod 0755 /usr/local/bin/hookfleet
systemctl daemon-reload`);
  const verified = await host.exec(
    `systemd-analyze verify ${UNITS.map(unit => `/etc/systemd/system/${unit}`).join(' ')} 2>&1 | grep hookfleet || :`,
  );
  t.is(verified.stdout, '');
  await host.exec('systemctl start hookfleet-check.service');
  const args = (await host.exec('cat /var/tmp/arguments')).stdout.trimEnd().split('\n');
  t.is(args[0], 'check');
  t.is(await takesOptions(args), '');
  await host.exec('systemctl enable --now hookfleet-check.timer');
  const timers = await host.exec('systemctl list-timers --all --no-pager');
  t.regex(timers.stdout, /02:\d\d:\d\d.*hookfleet-check\.timer/);
});

test('the alerts fire for drift, for hosts that are gone, and where nothing has looked for two days', async t => {
  const rules = join(EXAMPLES, 'hookfleet-alerts.yml');
  const checked = await execa('promtool', ['check', 'rules', rules], { reject: false });
  t.is(checked.exitCode, 0, checked.stderr);
  const run = 'playbook="/site.yml",command="check"';
  const labels = { playbook: '/site.yml', command: 'check' };
  const alerts = (alertname: string, severity: string, more: object, time = '2m') => ({
    eval_time: time,
    alertname,
    exp_alerts: [{ exp_labels: { severity, ...more } }],
  });
  const quiet = (alertname: string, time: string) => ({ eval_time: time, alertname, exp_alerts: [] });
  const withoutTexts = parse(await readFile(rules, 'utf8'));
  for (const { rules: all } of withoutTexts.groups) {
    for (const rule of all) {
      delete rule.annotations;
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-alerts-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'rules.yml'), JSON.stringify(withoutTexts));
  const hook = 'resource="vdsm-hook",name="diskunmap"';
  await writeFile(
    join(folder, 'test.yml'),
    JSON.stringify({
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [
            { series: `hookfleet_host_resource_differences{${run},host="a",${hook}}`, values: '1x9' },
            { series: `hookfleet_host_resource_differences{${run},host="b",${hook}}`, values: '2x9' },
            { series: `hookfleet_host_reachable{${run},host="a"}`, values: '1x9' },
            { series: `hookfleet_host_reachable{${run},host="c"}`, values: '0x9' },
            { series: `hookfleet_host_failed{${run},host="a"}`, values: '0x9' },
            { series: `hookfleet_host_failed{${run},host="d"}`, values: '1x9' },
          ],
          alert_rule_test: [
            alerts('HookDrift', 'warning', {
              playbook: '/site.yml',
              resource: 'vdsm-hook',
              name: 'diskunmap',
            }),
            alerts('HypervisorUnreachable', 'warning', { ...labels, host: 'c' }),
            alerts('HookfleetHostFailed', 'critical', { ...labels, host: 'd' }),
            alerts('HookfleetNoMetrics', 'warning', {}, '70m'),
          ],
        },
        {
          interval: '1h',
          input_series: [
            { series: `hookfleet_last_run_timestamp_seconds{${run}}`, values: '0+3600x60' },
            { series: `hookfleet_last_success_timestamp_seconds{${run}}`, values: '0x60' },
          ],
          alert_rule_test: [
            quiet('HookfleetNoSuccess', '47h'),
            alerts('HookfleetNoSuccess', 'warning', labels, '49h'),
            quiet('HookfleetNoMetrics', '49h'),
          ],
        },
        {
          interval: '1h',
          input_series: [{ series: `hookfleet_last_run_timestamp_seconds{${run}}`, values: '172801x60' }],
          alert_rule_test: [alerts('HookfleetNoSuccess', 'warning', labels, '49h')],
        },
      ],
    }),
  );
  const tested = await execa('promtool', ['test', 'rules', join(folder, 'test.yml')], { reject: false });
  t.is(tested.exitCode, 0, `${tested.stdout}\n${tested.stderr}`);
});

test('the CI job calls the program as it can be called', async t => {
  const { drift } = parse(await readFile(join(EXAMPLES, 'gitlab-ci.yml'), 'utf8'));
  const [command = ''] = drift.script;
  const [program, ...args] = command.trim().split(/\s+/);
  t.is(program, 'hookfleet');
  t.is(await takesOptions(args), '');
  t.is(args[args.indexOf('--junit') + 1], drift.artifacts.reports.junit);
  t.true(drift.artifacts.paths.includes(args[args.indexOf('--html') + 1]));
});
