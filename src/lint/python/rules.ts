import type { HookContext } from '../context.ts';
import { type Finding, finding } from '../finding.ts';
import { undeclaredProperties, wrongInput } from '../properties.ts';
import { libvirtCall } from '../shell/calls.ts';
import { unknownStatus } from '../shell/exits.ts';
import { commentBlanks, hashInName } from '../shell/lists.ts';
import { foreseenPath, tmpPath } from '../shell/paths.ts';
import { environmentReads } from './environment.ts';
import { leftovers } from './leftovers.ts';
import { lineAt, type PythonScript, readPython } from './lines.ts';
import { stdoutChatter, unknownOperations } from './operations.ts';

/** Looks a Python script through for what goes wrong in a hook. */
export function lintPython(text: string, context: HookContext): Finding[] {
  const script = readPython(text);
  const reads = context.kind === 'vdsm' ? environmentReads(script) : [];
  return [
    ...leftovers(script),
    ...tmpPaths(script),
    ...children(script),
    ...(context.kind === 'vdsm' ? exitStatuses(script) : []),
    ...undeclaredProperties(context, reads),
    ...wrongInput(context, reads),
    ...(context.kind === 'libvirt'
      ? [
          ...libvirtCalls(script),
          ...unknownOperations(context.driver, script),
          ...stdoutChatter(context.driver, script),
          ...commentCuts(script),
        ]
      : []),
  ];
}

/** The strings that the script uses, not those that only tell about it. */
function usedLiterals({ lines, literals }: PythonScript): PythonScript['literals'] {
  const told = new Set(
    lines.flatMap(({ code }) => /^[ru]?"(\d+)"$/.exec(code.slice(0, 20).trimEnd())?.[1] ?? []),
  );
  return literals.filter((_, i) => !told.has(String(i)));
}

function tmpPaths(script: PythonScript): Finding[] {
  const seen = new Set<string>();
  return usedLiterals(script).flatMap(({ value, line }) => {
    const path = value.length > 200 || !value.includes('/tmp/') ? undefined : foreseenPath(value);
    const fresh = path !== undefined && value.trimStart().startsWith(path) && !seen.has(path);
    seen.add(path ?? '');
    return fresh ? [tmpPath(line, path)] : [];
  });
}

/** A child that is started and never waited for, with outputs of its parent. */
function children({ lines }: PythonScript): Finding[] {
  if (lines.some(({ code }) => /\.(?:wait|communicate|poll)\(|\bwith [\w.]{1,60}Popen\(/.test(code))) {
    return [];
  }
  return lines.flatMap(line => {
    const at = line.code.search(/\bPopen\(/);
    return at === -1 ||
      (/\bstdout ?=/.test(line.code) && /\bstderr ?=/.test(line.code)) ||
      /^(?:class|def)\b/.test(line.code)
      ? []
      : [
          finding(
            'background-child',
            lineAt(line, at),
            'this child is not waited for and keeps the outputs of the hook open, so the operation waits until it has ended',
            'Give it stdout=subprocess.DEVNULL and stderr=subprocess.DEVNULL, or start it with systemd-run.',
          ),
        ];
  });
}

function exitStatuses({ lines }: PythonScript): Finding[] {
  return lines.flatMap(line =>
    [...line.code.matchAll(/\b(?:sys\.exit|os\._exit)\((\d{1,6})\)/g)].flatMap(match =>
      unknownStatus(lineAt(line, match.index), Number(match[1])),
    ),
  );
}

function libvirtCalls(script: PythonScript): Finding[] {
  const imported = script.lines.flatMap(line =>
    /^(?:import|from) libvirt\b/.test(line.code) ? [libvirtCall(line.line, 'the libvirt module')] : [],
  );
  const told = inTalk(script);
  const run = usedLiterals(script)
    .filter(one => /^(?:\/usr\/bin\/)?virsh(?:\s|$)/.test(one.value) && !told.has(one))
    .map(({ line }) => libvirtCall(line, 'virsh'));
  return [...imported, ...run];
}

/** The strings that only stand in a message, or in a question whether a program is there. */
function inTalk({ lines, literals }: PythonScript): Set<PythonScript['literals'][number] | undefined> {
  const talk = /\b(?:print|write|exit|raise|syslog|which|exists|isfile|access|log\w*\.\w+)\b/;
  const runs = /\b(?:system|popen|call|check_call|check_output|run|getoutput)\(/i;
  return new Set(
    lines
      .filter(({ code }) => talk.test(code) && !runs.test(code))
      .flatMap(({ code }) => [...code.matchAll(/"(\d+)"/g)].map(match => literals[Number(match[1])])),
  );
}

/** `line.split('#')[0]` without a strip. */
function commentCuts({ lines, literals }: PythonScript): Finding[] {
  const cut = lines.flatMap(line => {
    const found = /\.(?:split|partition)\( ?"(\d+)"(?: ?, ?1)? ?\)\[0\]/.exec(line.code);
    return found && literals[Number(found[1])]?.value === '#' ? [lineAt(line, found.index)] : [];
  })[0];
  const trimmed = lines.some(({ code }) => /\.r?strip\(|\.split\(\)/.test(code));
  return cut === undefined ? [] : [...(trimmed ? [] : [commentBlanks(cut)]), hashInName(cut)];
}
