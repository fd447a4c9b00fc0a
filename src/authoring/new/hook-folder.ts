import { HOOKING_MODULE } from './hooking-module.ts';
import { type NewHook, scriptName } from './new-hook.ts';
import { pythonScript } from './python-script.ts';
import { pythonTest } from './python-test.ts';
import { hookReadme } from './readme.ts';
import { sampleFor } from './samples.ts';
import { shellScript } from './shell-script.ts';
import { shellTest } from './shell-test.ts';

/** A file that is to be made; its path is relative to the hook's folder. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly mode: 0o644 | 0o755;
}

/**
 * The files of a hook in a folder of its own: a folder for each event, and beside them README.md, samples and tests, which
 * the `source:` of a playbook passes over.
 */
export function hookFolder(hook: NewHook): readonly NewFile[] {
  const samples = hook.points.flatMap(point => sampleFor(point) ?? []);
  const python = hook.language === 'python';
  return [
    ...hook.points.map(point => ({
      path: `${point.name}/${scriptName(hook)}`,
      text: python
        ? pythonScript(hook, point, { interpreter: '/usr/bin/python3', licence: [] })
        : shellScript(hook, point, { interpreter: '/bin/sh', licence: [] }),
      mode: 0o755 as const,
    })),
    plain('README.md', hookReadme(hook)),
    ...[...new Map(samples.map(({ name, text }) => [name, text]))].map(([name, text]) =>
      plain(`samples/${name}`, text),
    ),
    ...(python
      ? [plain('tests/hooking.py', HOOKING_MODULE), plain(`tests/test_${hook.name}.py`, pythonTest(hook))]
      : [plain(`tests/test_${hook.name}.sh`, shellTest(hook))]),
  ];
}

function plain(path: string, text: string): NewFile {
  return { path, text, mode: 0o644 };
}
