import type { Read } from '../properties.ts';
import { type LogicalLine, lineAt, type PythonScript } from './lines.ts';

const KEY = '(?:[bru]?"(\\d+)"|([A-Za-z_]\\w{0,80}))';
const READS = [
  new RegExp(`\\benviron\\[ ?${KEY} ?\\]`, 'g'),
  new RegExp(`\\benviron\\.(?:get|pop|has_key)\\( ?${KEY}(?= ?[,)])`, 'g'),
  new RegExp(`\\bgetenv\\( ?${KEY}(?= ?[,)])`, 'g'),
  new RegExp(`${KEY} (?:not )?in os\\.environ\\b`, 'g'),
];

/** The variables of the environment that a script reads by a name, or by a name that it sets once: `KEY = 'x'`. */
export function environmentReads(script: PythonScript): Read[] {
  const constants = constantsOf(script);
  const named = script.lines.flatMap(line =>
    READS.flatMap(pattern =>
      [...line.code.matchAll(pattern)].flatMap(match => {
        const name =
          match[1] === undefined ? constants.get(match[2] ?? '') : script.literals[Number(match[1])]?.value;
        const set = /^ ?\] ?=[^=]/.test(line.code.slice(match.index + match[0].length - 1));
        return name === undefined || set ? [] : [{ name, line: lineAt(line, match.index) }];
      }),
    ),
  );
  return [...named, ...script.lines.flatMap(hookingReads)].sort((a, b) => a.line - b.line);
}

function hookingReads(line: LogicalLine): Read[] {
  return [...line.code.matchAll(/\bhooking\.(?:read|write)_(domxml|json)\(/g)].map(match => ({
    name: `_hook_${match[1]}`,
    line: lineAt(line, match.index),
  }));
}

function constantsOf({ lines, literals }: PythonScript): Map<string, string> {
  const constants = new Map<string, string>();
  for (const { code } of lines) {
    const found = /^([A-Za-z_]\w{0,80}) ?= ?"(\d+)"$/.exec(code.slice(0, 120).trimEnd());
    const value = literals[Number(found?.[2])]?.value;
    if (found?.[1] !== undefined && value !== undefined) {
      constants.set(found[1], value);
    }
  }
  return constants;
}
