import type { HookPoint } from '../../catalog/events.ts';
import { type NewHook, scriptName } from './new-hook.ts';
import { sampleFor } from './samples.ts';
import { asksProperty, taskOf } from './script-task.ts';

/** A test of the scripts of a new hook, for `sh`: it calls them as VDSM does, without VDSM. */
export function shellTest(hook: NewHook): string {
  return [
    '#!/bin/sh',
    `# Tests of ${hook.name}; they need no VDSM: sh tests/test_${hook.name}.sh`,
    '',
    'top=$(cd "$(dirname "$0")/.." && pwd) || exit 1',
    'folder=$(mktemp -d) || exit 1',
    'trap \'rm -rf "$folder"\' EXIT',
    'failed=0',
    '',
    'check() {',
    '  if [ "$2" = "$3" ]; then',
    '    echo "ok: $1"',
    '  else',
    '    echo "not ok: $1: $2 instead of $3"',
    '    failed=1',
    '  fi',
    '}',
    '',
    '# Runs the script of an event ($1) on a sample ($2), with settings of the environment behind.',
    'run() {',
    '  event=$1',
    '  input=/dev/null',
    '  [ -z "$2" ] || input=$top/samples/$2',
    '  shift 2',
    '  cp "$input" "$folder/data" || exit 1',
    '  cp "$input" "$folder/before" || exit 1',
    '  env -i PATH="$PATH" vmId=6a7b4ba9-5a8f-4c5e-9d7e-0c1f5a0f3b21 \\',
    '    _hook_domxml="$folder/data" _hook_json="$folder/data" "$@" \\',
    `    "$top/$event/${scriptName(hook)}" 2> "$folder/err"`,
    '  status=$?',
    '  changed=no',
    '  cmp -s "$folder/before" "$folder/data" || changed=yes',
    '  told=no',
    `  ! grep -q '${hook.name}' "$folder/err" || told=yes`,
    '}',
    '',
    ...hook.points.flatMap(point => casesOf(hook, point)),
    'exit "$failed"',
    '',
  ].join('\n');
}

function casesOf(hook: NewHook, point: HookPoint): string[] {
  const { name } = point;
  const gate = hook.property !== undefined && asksProperty(point);
  const sample = sampleFor(point)?.name ?? '';
  const task = taskOf(point);
  const changes = task === 'change domain' || task === 'change device';
  const tells = task.startsWith('note');
  const given = gate && hook.property ? ` '${hook.property.name}=${hook.property.value}'` : '';
  return [
    ...(gate
      ? [
          `run ${name} '${sample}'`,
          `check '${name} ends well without its property' "$status" 0`,
          `check '${name} changes nothing without its property' "$changed" no`,
        ]
      : []),
    `run ${name} '${sample}'${given}`,
    `check '${name} ends well' "$status" 0`,
    `check '${name} ${changes ? 'changes' : 'leaves'} its input' "$changed" ${changes ? 'yes' : 'no'}`,
    `check '${name} ${tells ? 'says what it does' : 'writes no log'}' "$told" ${tells ? 'yes' : 'no'}`,
    '',
  ];
}
