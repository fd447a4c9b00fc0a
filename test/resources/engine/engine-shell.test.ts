import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { HostError } from '../../../src/core/failure.ts';
import type { Section } from '../../../src/core/section.ts';
import type { Sh } from '../../../src/core/sh.ts';
import { HISTORY_LOOK, readHistory } from '../../../src/resources/engine/engine-history.ts';
import { digest } from '../../../src/resources/engine/engine-marker.ts';
import {
  type EnginePropertiesWanted,
  enginePropertiesResource,
} from '../../../src/resources/engine/engine-properties.ts';
import type { Explanation } from '../../../src/resources/resource.ts';

// The shell text of probe and steps, run by the real sh. engine-config, systemctl, curl and journalctl are small
// stand-ins over files; the true-to-life engine host is in test/lab.
const STAND_INS: Readonly<Record<string, string>> = {
  'engine-config': `#!/bin/sh
echo "$*" >>"$LAB/calls"
[ -z "$(env | grep -Ev '^(PATH|ROOT|HOME|LC_ALL|PWD|SHLVL|_|LAB)=')" ] && [ "$LC_ALL" = C.UTF-8 ] && [ -z "$(cat)" ] ||
  { echo 'bad surroundings'; exit 1; }
echo 'Picked up JAVA_TOOL_OPTIONS: -Dcom.redhat.fips=false' >&2
[ ! -e "$LAB/hook" ] || . "$LAB/hook"
case $1 in
-g)
  [ -d "$LAB/rows/$2" ] || { echo null; exit 1; }
  if [ -n "$3" ]; then
    [ -e "$LAB/rows/$2/\${3#--cver=}" ] || { echo "Error fetching $2 value: no such entry with version '\${3#--cver=}'."; exit 1; }
    cat "$LAB/rows/$2/\${3#--cver=}"; echo
  else
    for row in $(ls -r "$LAB/rows/$2"); do
      printf '%s: ' "$2"; cat "$LAB/rows/$2/$row"; echo " version: $row"
    done
  fi ;;
-s)
  [ -n "$3" ] || { while :; do echo 'Please select a version:'; sleep 1; done; }
  printf '%s' "\${2#*=}" >"$LAB/rows/\${2%%=*}/\${3#--cver=}" ;;
esac
`,
  systemctl: `#!/bin/sh
echo "systemctl $*" >>"$LAB/calls"
case $1 in
restart) exec sh "$LAB/restart" ;;
show)
  case "$*" in *ActiveState*) echo "ActiveState=$(cat "$LAB/state")" ;; esac
  case "$*" in *InvocationID*) echo "InvocationID=$(cat "$LAB/start")"; echo 'ActiveEnterTimestampMonotonic=7' ;; esac ;;
esac
`,
  curl: `#!/bin/sh
printf '%s\\n' "curl $*" >>"$LAB/calls"
count=$(cat "$LAB/fetched" 2>/dev/null || echo 0)
echo $((count + 1)) >"$LAB/fetched"
if [ "$count" -lt "$(cat "$LAB/healthy-after")" ]; then
  printf '%s\\n%s' "$(cat "$LAB/answer")" "$(cat "$LAB/status")"
  [ "$(cat "$LAB/status")" != 000 ] || exit 7
else
  printf 'DB Up!Welcome to Health Status!\\n200'
fi
`,
  // The marker is root's; the test need not be.
  chown: '#!/bin/sh\n:\n',
  journalctl: '#!/bin/sh\necho "journal: $*"\n',
};

const SECURITY_GROUPS = '{type=interface;prop={SecurityGroups=^[0-9a-f-]*$}}';
const MARKER = 'root/var/lib/hookfleet/restart-due';

const WANTED: EnginePropertiesWanted = {
  levels: 'all',
  vm: [],
  device: [],
  network: [],
  healthUrl: "http://localhost/health?it's=$(id)",
  healthTimeoutSeconds: 2,
  startsEngine: false,
  run: { id: 'r1', holder: 'ann@admin' },
};

class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'hookfleet-engine-'));
  readonly shell: string;

  constructor(t: ExecutionContext, shell: string) {
    this.shell = shell;
    t.teardown(() => rmSync(this.folder, { recursive: true }));
    mkdirSync(this.path('bin'));
    mkdirSync(this.path('root/var/lib'), { recursive: true });
    for (const [name, text] of Object.entries(STAND_INS)) {
      // engine-config gets nothing of the environment.
      writeFileSync(this.path('bin', name), text.replace('\n', `\nLAB='${this.folder}'\n`));
      chmodSync(this.path('bin', name), 0o755);
    }
    for (const level of ['4.7', '4.8']) {
      this.store('UserDefinedVMProperties', level, '');
      this.store('CustomDeviceProperties', level, SECURITY_GROUPS);
      this.store('UserDefinedNetworkCustomProperties', level, '');
    }
    this.write('state', 'active\n');
    this.write('start', 'first\n');
    this.write('restart', 'echo "next $(cat "$LAB/start")" >"$LAB/start"\n');
    this.write('healthy-after', '0\n');
    this.write('status', '503\n');
    this.write('answer', 'Service\nUnavailable\n');
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  store(key: string, level: string, value: string): void {
    mkdirSync(this.path('rows', key), { recursive: true });
    this.write(`rows/${key}/${level}`, value);
  }

  /** The calls of engine-config since the last time, and those of other tools. */
  calls(): string[] {
    const calls = existsSync(this.path('calls')) ? this.read('calls').trimEnd().split('\n') : [];
    rmSync(this.path('calls'), { force: true });
    return calls;
  }

  async run(script: Sh): Promise<Section> {
    const { stdout, stderr, exitCode } = await this.start(script);
    return { stdout, stderr, exitCode: exitCode ?? -1 };
  }

  /** Starts a script as a process group of its own. */
  start(script: Sh) {
    return execa(this.shell, ['-eu'], {
      // As the run engine does: umask, locale, stdin at its end, a subshell of its own.
      input: `umask 022\ntrap 'exit 143' TERM\n(\ntrap 'exit 143' TERM\n${script.text}\n) </dev/null\n`,
      detached: true,
      cwd: this.path('root'),
      env: {
        PATH: `${this.path('bin')}${delimiter}/usr/sbin${delimiter}/usr/bin${delimiter}/sbin${delimiter}/bin`,
        LC_ALL: 'C',
        ROOT: this.path('root'),
        LAB: this.folder,
        JAVA_HOME: '/nowhere',
        _JAVA_OPTIONS: '-Xnonsense',
        JAVA_OPTS: '-Xnonsense',
        ENGINE_VARS: '/nowhere',
        LANG: 'de_DE.ISO-8859-1',
      },
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
    });
  }

  async probe(wanted: Partial<EnginePropertiesWanted> = {}) {
    const all = { ...WANTED, ...wanted };
    return enginePropertiesResource.read(await this.run(enginePropertiesResource.probe(all)), all);
  }

  /** Probes, and makes what is due, up to `stopAfter` steps; gives how the first failed step is explained. */
  async apply(wanted: Partial<EnginePropertiesWanted>, stopAfter = 99): Promise<Explanation | undefined> {
    const all = { ...WANTED, ...wanted };
    const found = await this.probe(wanted);
    const { changes } = enginePropertiesResource.diff(all, found);
    for (const step of enginePropertiesResource.apply(changes, all, found).slice(0, stopAfter)) {
      const reply = await this.run(step.script);
      if (reply.exitCode !== 0) {
        return step.explain?.(reply) ?? { message: `unexplained: ${reply.stderr}`, hint: '' };
      }
    }
    return undefined;
  }

  async drift(wanted: Partial<EnginePropertiesWanted>): Promise<string[]> {
    const { changes, blocked } = enginePropertiesResource.diff(
      { ...WANTED, ...wanted },
      await this.probe(wanted),
    );
    return [...changes, ...blocked.map(({ change }) => change)].map(({ action, id }) => `${action} ${id}`);
  }
}

const audit = { vm: [{ name: 'audit', regex: '^x$', origin: 'playbook' }] };
const SHELLS = ['sh', 'bash'].filter(shell =>
  ['/bin', '/usr/bin'].some(folder => existsSync(join(folder, shell))),
);

const HOSTILE: readonly (readonly [string, string])[] = [
  ['line feeds', 'a=x\ny\n\n'],
  ['a line feed at the end', 'a=x\n'],
  ['the rest of a listing', 'a=x version: 4.8'],
  ['whole rows of a listing', 'a=x version: 4.8\nUserDefinedVMProperties: b=y'],
  ['a row of a level that is not there', 'a=x version: 9.9\nUserDefinedVMProperties: b=y'],
  ['quotes and substitutions', `a='"$(touch "$LAB/pwned")\`id\`\${HOME}*\\d\\\\`],
  ['letters beyond ASCII', 'a=^(žluťoučký|日本|😀)$'],
  ['blanks, tabs and a CR', 'a= x \t\r'],
  ['words of the probe’s own', 'a=x\nrow UserDefinedVMProperties 4.7 0 YQ=='],
  ['options', 'a=-n --help %s'],
];

/** Resolves once there is no such process any more, or only the rest of one that nobody has waited for. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) {
        return;
      }
    } catch {
      return;
    }
    await sleep(20);
  }
}

for (const shell of SHELLS) {
  for (const [title, value] of HOSTILE) {
    test(`${shell}: a stored value is read and kept byte for byte: ${title}`, async t => {
      const lab = new Lab(t, shell);
      lab.store('UserDefinedVMProperties', '4.7', value);
      t.deepEqual((await lab.probe()).values.UserDefinedVMProperties, { '4.7': value, '4.8': '' });
      t.is(await lab.apply(audit), undefined);
      t.is(lab.read('rows/UserDefinedVMProperties/4.7'), `${value};audit=^x$`);
      t.is(lab.read('rows/UserDefinedVMProperties/4.8'), 'audit=^x$');
      t.deepEqual(await lab.drift(audit), []);
      t.false(existsSync(lab.path('pwned')));
    });
  }

  test(`${shell}: an unchanged engine costs two calls of engine-config, with network properties three`, async t => {
    const lab = new Lab(t, shell);
    const found = await lab.probe();
    t.deepEqual(found.unit, { state: 'active', start: 'ActiveEnterTimestampMonotonic=7 InvocationID=first' });
    t.is(found.charmap, 'UTF-8');
    t.is(found.marker, null);
    t.is(found.health, null);
    t.deepEqual(lab.calls(), [
      'systemctl show -p ActiveState -p InvocationID -p ActiveEnterTimestampMonotonic ovirt-engine',
      '-g UserDefinedVMProperties',
      '-g CustomDeviceProperties',
    ]);
    await lab.probe({ network: [{ name: 'a', regex: 'x', origin: 'playbook' }] });
    t.is(lab.calls().filter(call => call.startsWith('-g')).length, 3);
  });

  test(`${shell}: an unclear listing is read level by level, that key only`, async t => {
    for (const regex of ['x\ny', 'x version: 4.8']) {
      const lab = new Lab(t, shell);
      lab.store('CustomDeviceProperties', '4.7', `{type=disk;prop={a=${regex}}}`);
      await lab.probe();
      t.deepEqual(
        lab.calls().filter(call => call.startsWith('-g')),
        [
          '-g UserDefinedVMProperties',
          '-g CustomDeviceProperties',
          '-g CustomDeviceProperties --cver=4.7',
          '-g CustomDeviceProperties --cver=4.8',
        ],
      );
    }
  });

  test(`${shell}: properties are set, the engine restarted and waited for, and the marker goes`, async t => {
    const lab = new Lab(t, shell);
    lab.write('healthy-after', '1\n');
    t.is(await lab.apply(audit), undefined);
    t.is(lab.read('rows/CustomDeviceProperties/4.7'), SECURITY_GROUPS);
    t.is(lab.read('start'), 'next first\n');
    t.false(existsSync(lab.path(MARKER)));
    const calls = lab.calls();
    t.is(calls.filter(call => call.startsWith('systemctl restart')).length, 1);
    t.is(
      calls.filter(call => call.startsWith('curl') && call.endsWith(`--url ${WANTED.healthUrl}`)).length,
      2,
    );
    t.deepEqual(await lab.drift(audit), []);
  });

  test(`${shell}: a hostile regex is set as it stands`, async t => {
    const lab = new Lab(t, shell);
    const regex = `^('|"|\\$(touch "$LAB/pwned")|žluť|\\\\|\n%s *)$`;
    t.is(await lab.apply({ vm: [{ name: 'a', regex, origin: 'playbook' }] }), undefined);
    t.is(lab.read('rows/UserDefinedVMProperties/4.7'), `a=${regex}`);
    t.false(existsSync(lab.path('pwned')));
  });

  test(`${shell}: the marker stands before the first write, readable for all`, async t => {
    const lab = new Lab(t, shell);
    lab.store('UserDefinedVMProperties', '4.7', 'old=1');
    t.is(await lab.apply(audit, 2), undefined);
    t.is(lab.read('rows/UserDefinedVMProperties/4.7'), 'old=1');
    t.deepEqual((await lab.probe()).marker, {
      start: 'ActiveEnterTimestampMonotonic=7 InvocationID=first',
      digests: {
        'UserDefinedVMProperties 4.7': digest('old=1'),
        'UserDefinedVMProperties 4.8': digest(''),
      },
    });
    t.is(statSync(lab.path(MARKER)).mode & 0o7777, 0o644);
    t.is(statSync(lab.path('root/var/lib/hookfleet')).mode & 0o7777, 0o755);
    t.deepEqual(await lab.drift({}), ['remove /var/lib/hookfleet/restart-due']);
    t.is(await lab.apply({}), undefined);
    t.false(existsSync(lab.path(MARKER)));
  });

  test(`${shell}: wherever a run is cut off, the next ones set everything with one restart`, async t => {
    for (const steps of [1, 2, 3, 4]) {
      const lab = new Lab(t, shell);
      await lab.apply(audit, steps);
      await lab.apply(audit, steps);
      t.is(await lab.apply(audit), undefined);
      t.is(lab.read('start'), 'next first\n', `cut off after ${steps} steps`);
      t.deepEqual(await lab.drift(audit), []);
    }
  });

  test(`${shell}: a run that is cut off after the last write leaves the restart to one that wants nothing`, async t => {
    const lab = new Lab(t, shell);
    const network = { network: [{ name: 'a', regex: 'x', origin: 'playbook' }] };
    await lab.apply(network, 4);
    t.deepEqual(await lab.drift({}), ['restart ovirt-engine']);
    t.is(await lab.apply({}), undefined);
    t.is(lab.read('start'), 'next first\n');
    t.deepEqual(await lab.drift(network), []);
  });

  test(`${shell}: a second run that is cut off does not forget what the first has changed`, async t => {
    const lab = new Lab(t, shell);
    await lab.apply(audit, 3);
    await lab.apply({ levels: ['4.8'], vm: [{ name: 'other', regex: 'x', origin: 'playbook' }] }, 2);
    t.is(lab.read('rows/UserDefinedVMProperties/4.8'), '');
    t.deepEqual(await lab.drift({}), ['restart ovirt-engine']);
  });

  test(`${shell}: an engine that does not come up fails with its last answer and the journal; the next run waits on`, async t => {
    const lab = new Lab(t, shell);
    lab.write('healthy-after', '99\n');
    const found = await lab.apply(audit);
    t.is(
      found?.message,
      `ovirt-engine is not healthy after 2 s at ${WANTED.healthUrl}; last seen: HTTP 503 Service Unavailable`,
    );
    t.true(existsSync(lab.path(MARKER)));
    t.deepEqual(await lab.drift(audit), ['wait-healthy ovirt-engine']);
    lab.write('healthy-after', '0\n');
    t.deepEqual(await lab.drift(audit), ['remove /var/lib/hookfleet/restart-due']);
    lab.write('healthy-after', '1\n');
    lab.write('fetched', '0\n');
    t.is(await lab.apply(audit), undefined);
    t.false(existsSync(lab.path(MARKER)));
    t.is(lab.read('start'), 'next first\n');
  });

  test(`${shell}: the journal is in the output of a restart that fails`, async t => {
    const lab = new Lab(t, shell);
    lab.write('restart', 'exit 3\n');
    const wanted = { ...WANTED, ...audit };
    const found = await lab.probe();
    const { changes } = enginePropertiesResource.diff(wanted, found);
    const steps = enginePropertiesResource.apply(changes, wanted, found);
    const last = steps.find(({ title }) => title === 'restart ovirt-engine');
    t.truthy(last);
    const reply = last ? await lab.run(last.script) : undefined;
    t.regex(
      reply?.stderr ?? '',
      /^journal: -u ovirt-engine -n 15 .*\novirt-engine did not start again: .* 3\n$/,
    );
    t.regex((reply && last?.explain?.(reply)?.message) || '', /did not start again/);
  });

  test(`${shell}: a restart that changes nothing, and an engine that stops again, are told at once`, async t => {
    const lab = new Lab(t, shell);
    lab.write('restart', 'exit 0\n');
    t.regex((await lab.apply(audit))?.message ?? '', /was not started again/);
    lab.write('restart', 'echo second >"$LAB/start"; echo failed >"$LAB/state"\n');
    lab.write('status', '000\n');
    lab.write('answer', '');
    lab.write('healthy-after', '99\n');
    t.is(
      (await lab.apply(audit))?.message,
      'ovirt-engine has stopped again; last seen: no answer (curl exit code 7)',
    );
  });

  test(`${shell}: a value that the tool refuses is explained in its own words`, async t => {
    const lab = new Lab(t, shell);
    lab.write('hook', 'case $1 in -s) echo "Cannot set value $2"; exit 1 ;; esac\n');
    const found = await lab.apply(audit);
    t.is(
      found?.message,
      'engine-config did not take the new value of UserDefinedVMProperties 4.7: Cannot set value UserDefinedVMProperties=audit=^x$',
    );
    t.is(lab.read('start'), 'first\n');
  });

  test(`${shell}: words on stdout are a failure, whatever the exit code`, async t => {
    const lab = new Lab(t, shell);
    lab.write('hook', 'case $1 in -s) echo "Usage: engine-config"; exit 0 ;; esac\n');
    t.regex((await lab.apply(audit))?.message ?? '', /did not take .*: Usage: engine-config$/);
  });

  test(`${shell}: a value that reads back as another is a failure, be it by a line feed`, async t => {
    const lab = new Lab(t, shell);
    lab.write(
      'hook',
      `case $1 in -s) printf '%s\\n' "\${2#*=}" >"$LAB/rows/UserDefinedVMProperties/4.7"; exit 0 ;; esac\n`,
    );
    t.regex((await lab.apply(audit))?.message ?? '', /reads back as something else/);
  });

  test(`${shell}: what another has written meanwhile is not overwritten`, async t => {
    const lab = new Lab(t, shell);
    const wanted = { ...WANTED, ...audit };
    const found = await lab.probe();
    const steps = enginePropertiesResource.apply(
      enginePropertiesResource.diff(wanted, found).changes,
      wanted,
      found,
    );
    lab.store('UserDefinedVMProperties', '4.7', 'theirs=1');
    const [history, marker, set] = steps;
    for (const step of [history, marker]) {
      t.is(step && (await lab.run(step.script)).exitCode, 0);
    }
    const reply = set ? await lab.run(set.script) : undefined;
    t.regex((reply && set?.explain?.(reply)?.message) || '', /no longer the value that was read/);
    t.is(lab.read('rows/UserDefinedVMProperties/4.7'), 'theirs=1');
    lab.store('UserDefinedVMProperties', '4.7', '');
    lab.write('start', 'by somebody\n');
    const again = set ? await lab.run(set.script) : undefined;
    t.regex((again && set?.explain?.(again)?.message) || '', /started again while this run was at work/);
    t.is(lab.read('rows/UserDefinedVMProperties/4.7'), '');
  });

  test(`${shell}: an engine that another starts just before a write is restarted all the same, by the next run`, async t => {
    for (const start of [
      'echo second >"$LAB/start"',
      // On its way up it has another name than once it is up (systemd.exec(5), Type=notify).
      'echo half >"$LAB/start"; echo activating >"$LAB/state"; (sleep 0.5; echo second >"$LAB/start"; echo active >"$LAB/state") >/dev/null 2>&1 &',
    ]) {
      const lab = new Lab(t, shell);
      lab.store('UserDefinedVMProperties', '4.7', 'old=1');
      lab.write('hook', `case $1 in -s) ${start}\n ;; esac\n`);
      t.regex((await lab.apply(audit))?.message ?? '', /started again while this run was at work/);
      t.is(lab.read('rows/UserDefinedVMProperties/4.7'), 'old=1;audit=^x$');
      t.is(lab.read('start'), 'second\n');
      t.deepEqual((await lab.probe()).marker, {
        start: 'ActiveEnterTimestampMonotonic=7 InvocationID=second',
        digests: {
          'UserDefinedVMProperties 4.7': digest('old=1'),
          'UserDefinedVMProperties 4.8': digest(''),
        },
      });
      rmSync(lab.path('hook'));
      t.deepEqual(await lab.drift({}), ['restart ovirt-engine']);
      t.is(await lab.apply(audit), undefined);
      t.is(lab.read('start'), 'next second\n');
      t.deepEqual(await lab.drift(audit), []);
    }
  });

  test(`${shell}: while systemd does not answer after a write, the marker stays that of the start that is known`, async t => {
    const lab = new Lab(t, shell);
    lab.write('hook', 'case $1 in -s) : >"$LAB/mute" ;; esac\n');
    const systemctl = lab.read('bin/systemctl');
    lab.write('bin/systemctl', systemctl.replace('\n', '\n[ ! -e "$LAB/mute" ] || exit 1\n'));
    await lab.apply(audit, 3);
    rmSync(lab.path('mute'));
    t.is((await lab.probe()).marker?.start, 'ActiveEnterTimestampMonotonic=7 InvocationID=first');
    t.deepEqual(await lab.drift({}), ['restart ovirt-engine']);
  });

  test(`${shell}: a marker or a history that cannot be written prevents every write`, async t => {
    const lab = new Lab(t, shell);
    lab.write('root/var/lib/hookfleet', 'in the way');
    t.regex(
      (await lab.apply(audit))?.message ?? '',
      /could not be saved on the engine host, so none was set/,
    );
    rmSync(lab.path('root/var/lib/hookfleet'));
    const wanted = { ...WANTED, ...audit };
    const found = await lab.probe();
    const { changes } = enginePropertiesResource.diff(wanted, found);
    mkdirSync(lab.path(MARKER), { recursive: true });
    const marker = enginePropertiesResource.apply(changes, wanted, found)[1];
    const reply = marker ? await lab.run(marker.script) : undefined;
    t.regex(
      (reply && marker?.explain?.(reply)?.message) || '',
      /could not be written, so no property was set/,
    );
    t.is(lab.read('rows/UserDefinedVMProperties/4.7'), '');
  });

  test(`${shell}: a damaged marker is told, not guessed`, async t => {
    const lab = new Lab(t, shell);
    mkdirSync(lab.path('root/var/lib/hookfleet'));
    for (const text of ['', '{"start":', '[]', '{"start":"a","digests":{"x":1}}']) {
      lab.write(MARKER, text);
      const error = await t.throwsAsync(lab.probe(), { instanceOf: HostError });
      t.is(error?.failure.kind, 'restart-marker');
    }
  });

  test(`${shell}: trouble with engine-config ends the probe with the tool's own words`, async t => {
    const lab = new Lab(t, shell);
    const failure = async () => (await t.throwsAsync(lab.probe(), { instanceOf: HostError }))?.failure;
    lab.write('hook', 'echo "Connection to the Database failed. Please check."; exit 1\n');
    t.like(await failure(), {
      kind: 'engine-config',
      message: "engine-config cannot reach the engine's database",
      command: 'engine-config -g UserDefinedVMProperties',
      exitCode: 1,
      stderr: 'Connection to the Database failed. Please check.\n',
    });
    t.is(lab.calls().filter(call => call.startsWith('-g')).length, 1);
    lab.write('hook', 'echo "FATAL: Cannot set JAVA_HOME" >&2; exit 1\n');
    t.like(await failure(), { message: 'engine-config failed', stderr: 'FATAL: Cannot set JAVA_HOME\n' });
    // timeout takes SIGALRM for the end of its time.
    lab.write('hook', 'sleep 0.3; kill -ALRM $PPID; sleep 5\n');
    t.like(await failure(), { exitCode: 124, message: 'engine-config did not answer within 60 s' });
    lab.write('hook', 'echo "what is this"; exit 0\n');
    t.like(await failure(), {
      message: 'engine-config answered what cannot be read',
      stderr: 'what is this\n',
    });
    rmSync(lab.path('bin/engine-config'));
    t.like(await failure(), { exitCode: 127, message: 'engine-config cannot be run on this host' });
  });

  test(`${shell}: an engine host without systemd is one whose engine does not run`, async t => {
    const lab = new Lab(t, shell);
    lab.write('bin/systemctl', '#!/bin/sh\necho "System has not been booted with systemd" >&2\nexit 1\n');
    t.is((await lab.probe()).unit.state, 'unknown');
  });

  test(`${shell}: past its time limit engine-config is killed with all that it has started`, async t => {
    const lab = new Lab(t, shell);
    // timeout takes SIGALRM for the end of its time. The tool itself goes, what it has started does not want to.
    lab.write(
      'hook',
      '(trap "" TERM; echo "$(exec sh -c \'echo $PPID\')" >"$LAB/child"; sleep 30 >/dev/null 2>&1) &\nuntil [ -s "$LAB/child" ]; do sleep 0.05; done; kill -ALRM $PPID; sleep 5\n',
    );
    const failure = (await t.throwsAsync(lab.probe(), { instanceOf: HostError }))?.failure;
    t.is(failure?.exitCode, 124);
    const child = Number(lab.read('child'));
    t.timeout(10_000, 'it still runs');
    await ended(child);
  });

  test(`${shell}: a script that is ended takes engine-config with it`, async t => {
    const lab = new Lab(t, shell);
    lab.write('hook', 'echo $$ >"$LAB/child.new"; mv "$LAB/child.new" "$LAB/child"; sleep 30\n');
    const running = lab.start(enginePropertiesResource.probe(WANTED));
    while (!existsSync(lab.path('child'))) {
      await sleep(20);
    }
    process.kill(-(running.pid ?? 0), 'SIGTERM');
    await running;
    const child = Number(lab.read('child'));
    t.timeout(10_000, 'it still runs');
    await ended(child);
    t.pass();
  });

  test(`${shell}: the old values are saved for root alone before the first write, and old runs go`, async t => {
    const lab = new Lab(t, shell);
    lab.store('UserDefinedVMProperties', '4.7', "old='ü'\n");
    const folder = 'root/var/lib/hookfleet/engine-history';
    mkdirSync(lab.path(folder), { recursive: true });
    for (let i = 10; i < 70; i += 1) {
      lab.write(`${folder}/20250101T0000${i}Z-0000.json`, 'no history');
    }
    const run = { id: '20261120T121829Z-3f9c', holder: "ann@admin, it's $(id)" };
    t.is(await lab.apply({ ...audit, run }), undefined);
    t.is(statSync(lab.path(folder)).mode & 0o7777, 0o700);
    const file = `${folder}/${run.id}.json`;
    t.is(statSync(lab.path(file)).mode & 0o7777, 0o600);
    t.is(readdirSync(lab.path(folder)).length, 50);
    t.false(existsSync(lab.path(`${folder}/20250101T000020Z-0000.json`)));
    const { stdout } = await lab.run(HISTORY_LOOK);
    t.deepEqual(readHistory(stdout), [
      {
        ...run,
        values: {
          UserDefinedVMProperties: { '4.7': "old='ü'\n", '4.8': '' },
          CustomDeviceProperties: { '4.7': SECURITY_GROUPS, '4.8': SECURITY_GROUPS },
        },
      },
    ]);
    // A run by a clock that is slow keeps its own.
    const slow = { ...run, id: '20000101T000000Z-0000' };
    const lost = lab.path(`${folder}/${slow.id}.json`);
    t.is(await lab.apply({ vm: [{ name: 'slow', regex: 'x', origin: 'playbook' }], run: slow }), undefined);
    t.true(existsSync(lost));
    // The same run at it again: what was there before it counts.
    t.is(await lab.apply({ vm: [{ name: 'other', regex: 'x', origin: 'playbook' }], run }), undefined);
    t.is(readHistory((await lab.run(HISTORY_LOOK)).stdout)[0]?.values.UserDefinedVMProperties?.['4.8'], '');
  });

  test(`${shell}: an engine that somebody else restarts after the last write is not restarted again`, async t => {
    const lab = new Lab(t, shell);
    await lab.apply(audit, 4);
    const wanted = { ...WANTED, ...audit };
    const found = await lab.probe();
    const { changes } = enginePropertiesResource.diff(wanted, found);
    const [restart, wait] = enginePropertiesResource.apply(changes, wanted, found);
    lab.write('start', 'by somebody\n');
    const reply = restart ? await lab.run(restart.script) : undefined;
    t.is(reply?.exitCode, 0);
    t.deepEqual(reply && restart?.made?.(reply), []);
    t.is(lab.read('start'), 'by somebody\n');
    t.is(wait && (await lab.run(wait.script)).exitCode, 0);
    t.deepEqual(await lab.drift(audit), []);
  });

  test(`${shell}: the wait tells what it sees, and the marker goes at its end`, async t => {
    const lab = new Lab(t, shell);
    lab.write('healthy-after', '2\n');
    await lab.apply(audit, 5);
    const found = await lab.probe();
    const wanted = { ...WANTED, ...audit };
    const [wait] = enginePropertiesResource.apply(
      enginePropertiesResource.diff(wanted, found).changes,
      wanted,
      found,
    );
    t.true(wait?.tells);
    const reply = wait ? await lab.run(wait.script) : undefined;
    t.regex(reply?.stdout ?? '', /^HTTP 503 \(at most 2 s\)\n$/);
    t.false(existsSync(lab.path(MARKER)));
  });

  test(`${shell}: a write that is taken back leaves neither restart nor marker`, async t => {
    const lab = new Lab(t, shell);
    await lab.apply(audit, 4);
    t.is(await lab.apply({ vm: [{ name: 'audit', absent: true, origin: 'playbook' }] }), undefined);
    t.is(lab.read('start'), 'first\n');
    t.false(existsSync(lab.path(MARKER)));
    t.deepEqual(await lab.drift({}), []);
  });

  test(`${shell}: only a VM of oVirt is asked whether it is the hosted engine`, async t => {
    const lab = new Lab(t, shell);
    const psql = 'root/usr/share/ovirt-engine/dbscripts/engine-psql.sh';
    mkdirSync(lab.path(psql, '..'), { recursive: true });
    mkdirSync(lab.path('root/sys/class/dmi/id'), { recursive: true });
    const answer = async (vendor: string, script: string) => {
      lab.write('root/sys/class/dmi/id/sys_vendor', `${vendor}\n`);
      lab.write(psql, `#!/bin/sh\n${script}\n`);
      chmodSync(lab.path(psql), 0o755);
      return (await lab.probe()).hosted;
    };
    t.is((await lab.probe()).hosted, null);
    t.is(await answer('Dell Inc.', 'echo "hosted watched"'), null);
    t.is(await answer('oVirt', 'echo "hosted watched"'), 'watched');
    t.is(await answer('Red Hat', 'echo "hosted maintenance"'), 'maintenance');
    t.is(await answer('oVirt', 'echo "hosted no"'), 'no');
    t.is(await answer('oVirt', 'echo "hosted unknown"'), 'unknown');
    t.is(await answer('oVirt', 'echo "ERROR:  relation vms does not exist" >&2'), 'unknown');
    rmSync(lab.path(psql));
    t.is((await lab.probe()).hosted, 'unknown');
  });
}
