import type { NewPoint } from './new-point.ts';
import { insertAt, linesOf, type Splice } from './splice.ts';

const WIDEST = 79;

/**
 * Adds the function of a hook point to hooks.py, behind the last of them, laid out as the others are: by black in newer
 * trees, else with the arguments below each other.
 *
 * @returns undefined where the file has no functions of hook points that call `_runHooksDir`.
 */
export function hookFunction(text: string, point: NewPoint): readonly Splice[] | undefined {
  const lines = linesOf(text);
  if (!lines.some(line => line.startsWith('def _runHooksDir('))) {
    return undefined;
  }
  const last = lines.findLastIndex(line => /^def (?:before|after)_\w+\(/.test(line));
  if (last === -1) {
    return undefined;
  }
  if (lines.some(line => line.startsWith(`def ${point.event}(`))) {
    return [];
  }
  const next = lines.findIndex((line, i) => i > last && /^[A-Za-z_@#]/.test(line));
  let end = next === -1 ? lines.length : next;
  while (lines[end - 1]?.trim() === '') {
    end -= 1;
  }
  const black = lines.includes('    return _runHooksDir(');
  return [insertAt(end, ['', '', ...(black ? byBlack(point) : aligned(point))])];
}

/** How the code of VDSM calls the point. */
export function exampleCall({ event, input }: NewPoint): string {
  const args = PARAMETERS[input].map(one => (one.includes('=') ? one.replace(/=.*/, '=…') : one));
  return `hooks.${event}(${args.join(', ')})`;
}

const PARAMETERS: Readonly<Record<NewPoint['input'], readonly string[]>> = {
  domain: ['domxml', 'vmconf={}'],
  device: ['devxml', 'vmconf={}', 'params={}'],
  json: ['data'],
  empty: [],
};

function argumentsOf({ event, input, aborts }: NewPoint): readonly string[] {
  return [
    input === 'empty' ? 'None' : (PARAMETERS[input][0] ?? ''),
    `'${event}'`,
    ...(input === 'domain' || input === 'device' ? ['vmconf=vmconf'] : []),
    ...(input === 'device' ? ['params=params'] : []),
    ...(aborts ? [] : ['raiseError=False']),
    ...(input === 'json' ? ['hookType=_JSON_HOOK'] : []),
  ];
}

function byBlack(point: NewPoint): string[] {
  return [
    ...call('', `def ${point.event}`, PARAMETERS[point.input], ':'),
    ...call('    ', 'return _runHooksDir', argumentsOf(point), ''),
  ];
}

/** The three layouts of black: in one line, the arguments in a line of their own, each argument in its own. */
function call(indent: string, head: string, args: readonly string[], tail: string): string[] {
  const all = args.join(', ');
  const one = `${indent}${head}(${all})${tail}`;
  const inner = `${indent}    `;
  if (one.length <= WIDEST) {
    return [one];
  }
  const body =
    inner.length + all.length <= WIDEST ? [inner + all] : args.map(argument => `${inner}${argument},`);
  return [`${indent}${head}(`, ...body, `${indent})${tail}`];
}

function aligned(point: NewPoint): string[] {
  return [
    ...filled(`def ${point.event}(`, PARAMETERS[point.input], '):'),
    ...filled('    return _runHooksDir(', argumentsOf(point), ')'),
  ];
}

function filled(head: string, args: readonly string[], tail: string): string[] {
  const indent = ' '.repeat(head.length);
  const lines: string[] = [];
  let line = head;
  args.forEach((argument, i) => {
    const text = argument + (i === args.length - 1 ? tail : ',');
    const room = i === 0 || line.length + 1 + text.length <= WIDEST;
    if (!room) {
      lines.push(line);
    }
    line = room ? `${line}${i === 0 ? '' : ' '}${text}` : indent + text;
  });
  return [...lines, args.length === 0 ? head + tail : line];
}
