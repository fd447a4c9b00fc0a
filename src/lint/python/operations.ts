import type { LibvirtDriver } from '../../catalog/libvirt-drivers.ts';
import { type Finding, finding } from '../finding.ts';
import { filterOperations, judgeOperation } from '../operations.ts';
import { type LogicalLine, lineAt, type PythonScript } from './lines.ts';

/** An operation that a script asks for. */
interface Asked {
  readonly name: string;
  readonly line: number;
}

/** Operations in comparisons with `sys.argv[2]`, or with what was set from it. */
export function askedOperations(script: PythonScript): Asked[] {
  const compared = comparison(operationNames(script));
  return script.lines.flatMap(line =>
    [...line.code.matchAll(compared)].flatMap(match =>
      [...(match[1] ?? match[2] ?? '').matchAll(/"(\d+)"/g)].map(([, at]) => ({
        name: script.literals[Number(at)]?.value ?? '',
        line: lineAt(line, match.index),
      })),
    ),
  );
}

export function unknownOperations(driver: LibvirtDriver, script: PythonScript): Finding[] {
  return askedOperations(script)
    .filter(({ name }) => /^[a-z][\w-]{0,40}$/.test(name))
    .flatMap(({ name, line }) => judgeOperation(driver, name, line) ?? []);
}

function comparison(names: readonly string[]): RegExp {
  const operand = ['sys\\.argv\\[2\\]', ...names.slice(0, 20)].join('|');
  return new RegExp(
    `(?<![.\\w])(?:${operand}) ?(?:==|!=|(?:not )?in) ?((?:"\\d+"|[([{][" ,\\d]{0,300}[)\\]}]))|("\\d+") ?[!=]= ?(?:${operand})(?!\\w)`,
    'g',
  );
}

function operationNames({ lines }: PythonScript): string[] {
  return lines.flatMap(({ code }) => {
    const text = code.slice(0, 200);
    const alone = /^(\w{1,60}) ?= ?sys\.argv\[2\]/.exec(text)?.[1];
    const many = /^([^=]{1,160})= ?sys\.argv(\[1:\d?\])?$/.exec(text.trimEnd());
    const parts = many?.[1]?.split(',').map(part => part.replaceAll(/[()\s]/g, '')) ?? [];
    const name = alone ?? parts[many?.[2] === undefined ? 2 : 1];
    return name !== undefined && /^[A-Za-z_]\w*$/.test(name) ? [name] : [];
  });
}

/** Prints that reach stdout at `migrate` and `restore`: those that no question about the operation keeps from it. */
export function stdoutChatter(driver: LibvirtDriver, script: PythonScript): Finding[] {
  const filters = filterOperations(driver);
  const names = operationNames(script);
  const asks = comparison(names);
  const guarded = script.lines.findIndex(
    ({ code }, i) =>
      code.startsWith('if ') &&
      code.search(asks) !== -1 &&
      /^(?:sys\.exit|exit|return)\b/.test(script.lines[i + 1]?.code ?? ''),
  );
  const until = guarded === -1 ? script.lines.length : guarded;
  return script.lines.slice(0, filters.length === 0 ? 0 : until).flatMap((line, i) => {
    const at = line.code.search(/(?<![.\w])(?:print\(|sys\.stdout\.write\()/);
    const talk = at !== -1 && !/\bfile ?=|xml|dom|tree|stdin/i.test(line.code.slice(0, 2000));
    return !talk || underQuestion(script.lines, i, asks)
      ? []
      : [
          finding(
            'stdout-chatter',
            lineAt(line, at),
            `what is printed here is taken for the guest's new XML at ${filters.join(' and ')}, which then fail`,
            'Print to sys.stderr, or use the logging module.',
          ),
        ];
  });
}

/** Whether a line stands in a branch whose condition asks for the operation. */
function underQuestion(lines: readonly LogicalLine[], at: number, asks: RegExp): boolean {
  let indent = lines[at]?.indent ?? 0;
  for (let i = at - 1; i >= Math.max(0, at - 500) && indent > 0; i--) {
    const line = lines[i];
    if (line !== undefined && line.indent < indent) {
      indent = line.indent;
      if (/^(?:el)?if\b/.test(line.code) && line.code.search(asks) !== -1) {
        return true;
      }
    }
  }
  return false;
}
