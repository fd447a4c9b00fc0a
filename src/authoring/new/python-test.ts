import type { HookPoint } from '../../catalog/events.ts';
import type { NewHook } from './new-hook.ts';
import { scriptName } from './new-hook.ts';
import { sampleFor } from './samples.ts';
import { asksProperty, taskOf } from './script-task.ts';

/** A test of the scripts of a new hook, for `python3 -m unittest`: it calls them as VDSM does, without VDSM. */
export function pythonTest(hook: NewHook): string {
  return `'''
Tests of ${hook.name}; they need no VDSM. In the folder of the hook:
    python3 -m unittest discover tests
'''

import json
import os
import subprocess
import tempfile
import unittest
from xml.dom import minidom

TESTS = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(TESTS)
PROPERTY = '${hook.property?.name ?? ''}'
VALUE = '${hook.property?.value ?? ''}'


def sample(name):
    with open(os.path.join(TOP, 'samples', name)) as f:
        return f.read()


def run(event, data, **properties):
    '''Its exit status, its stderr, and what it left in its file.'''
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'data')
        with open(path, 'w') as f:
            f.write(data)
        env = {
            'PATH': os.environ['PATH'],
            # The stand-in for VDSM's module hooking lies beside this file.
            'PYTHONPATH': TESTS,
            'PYTHONDONTWRITEBYTECODE': '1',
            'vmId': '6a7b4ba9-5a8f-4c5e-9d7e-0c1f5a0f3b21',
            '_hook_json' if data[:1] in ('{', '[') else '_hook_domxml': path,
        }
        script = os.path.join(TOP, event, '${scriptName(hook)}')
        done = subprocess.run(
            [script],
            env=dict(env, **properties),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
        )
        with open(path) as f:
            return done.returncode, done.stderr, f.read()


class Test${hook.name
    .split('_')
    .map(word => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')}(unittest.TestCase):
${hook.points.map(point => casesOf(hook, point).join('\n\n')).join('\n\n')}


if __name__ == '__main__':
    unittest.main()
`;
}

function casesOf(hook: NewHook, point: HookPoint): string[] {
  const file = sampleFor(point)?.name;
  const data = file === undefined ? "''" : `sample('${file}')`;
  const gate = hook.property !== undefined && asksProperty(point);
  const given = gate ? ', **{PROPERTY: VALUE}' : '';
  const named = (what: string, lines: readonly string[]) =>
    [`    def test_${point.name}_${what}(self):`, ...lines.map(line => `        ${line}`)].join('\n');
  const call = (input: string, properties: string) => [
    `before = ${input}`,
    ...runLines(point, 'before', properties),
  ];
  const idle = [...call(data, ''), 'self.assertEqual(status, 0, err)', 'self.assertEqual(after, before)'];
  const broken = [
    ...runLines(point, point.input === 'json' ? "'{'" : "'<'", given),
    'self.assertEqual(status, 1)',
    `self.assertIn('${hook.name}', err)`,
  ];
  return [
    ...(gate ? [named('without_property', idle)] : []),
    named('runs', [
      ...networks(hook, point),
      ...(isNetwork(point) ? [] : call(data, given)),
      ...expected(hook, point),
    ]),
    ...(file === undefined ? [] : [named('fails_on_broken_input', broken)]),
  ];
}

/** The call of {@link pythonTest}'s `run`, in one line where it fits. */
function runLines(point: HookPoint, input: string, properties: string): string[] {
  const given = `'${point.name}', ${input}${properties}`;
  const line = `status, err, after = run(${given})`;
  return line.length <= 71 ? [line] : ['status, err, after = run(', `    ${given}`, ')'];
}

function isNetwork(point: HookPoint): boolean {
  return taskOf(point).endsWith('networks');
}

function networks({ property }: NewHook, point: HookPoint): string[] {
  return isNetwork(point) && property
    ? [
        "data = json.loads(sample('networks.json'))",
        "network = data['request']['networks']['ovirtmgmt']",
        "network['custom'][PROPERTY] = VALUE",
        'before = json.dumps(data)',
        ...runLines(point, 'before', ''),
      ]
    : [];
}

function expected(hook: NewHook, point: HookPoint): string[] {
  const fine = 'self.assertEqual(status, 0, err)';
  const task = taskOf(point);
  switch (task) {
    case 'change domain':
    case 'change device':
      return [fine, `self.assertIn('${hook.name}=', after)`, 'minidom.parseString(after)'];
    case 'change json':
      return [fine, 'self.assertEqual(json.loads(after), json.loads(before))'];
    case 'change networks':
      return [
        fine,
        "self.assertIn('network ovirtmgmt', err)",
        'self.assertEqual(json.loads(after), json.loads(before))',
      ];
    case 'note networks':
      return [fine, "self.assertIn('network ovirtmgmt', err)", 'self.assertEqual(after, before)'];
    case 'silent':
      return [fine, "self.assertEqual(err, '')", 'self.assertEqual(after, before)'];
    default:
      return [fine, `self.assertIn('${hook.name}', err)`, 'self.assertEqual(after, before)'];
  }
}
