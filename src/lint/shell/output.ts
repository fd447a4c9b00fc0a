import type { LibvirtDriver } from '../../catalog/libvirt-drivers.ts';
import { type Finding, finding } from '../finding.ts';
import { filterOperations } from '../operations.ts';
import { type Branch, type Command, redirected } from './commands.ts';
import { askedIn, isTest, operationVariables } from './reach.ts';
import type { Item, Node } from './syntax.ts';

/** Commands whose output is talk, not the XML of a guest. */
const TALK = new Set(['echo', 'printf', 'date', 'env', 'id', 'ls', 'hostname', 'uname', 'ps', 'df', 'free']);

/**
 * What a hook prints at `migrate` and `restore` becomes the guest's XML, so a line of talk makes both fail. Branches for
 * other operations, and those for these two, where a hook means to print XML, are left alone.
 */
export function stdoutChatter(
  driver: LibvirtDriver,
  items: readonly Item[],
  commands: readonly Command[],
): Finding[] {
  const filters = filterOperations(driver);
  if (filters.length === 0) {
    return [];
  }
  const variables = operationVariables(commands);
  const guard = guardLine(items, filters, variables);
  const away = outputsMoved(commands);
  const reaches = ({ line, branches, stdout, background }: Command) =>
    stdout === 'out' &&
    !background &&
    line < Math.min(guard, away) &&
    branches.every(branch => letsThrough(branch, filters, variables));
  const called = new Set(
    commands.filter(one => one.inFunction === undefined && reaches(one)).map(one => one.words[0]?.text),
  );
  const talk = commands.filter(
    one =>
      TALK.has(one.words[0]?.text ?? '') &&
      !printsXml(one) &&
      (one.inFunction === undefined
        ? reaches(one)
        : one.stdout === 'out' && called.has(one.inFunction) && away === Number.POSITIVE_INFINITY),
  );
  return talk.map(({ line, words, branches, inFunction }) =>
    finding(
      'stdout-chatter',
      line,
      `what ${words[0]?.text} prints here is taken for the guest's new XML at ${filters.join(' and ')}, which then fail`,
      'Send it to stderr (`>&2`) or to logger; `exec 1>&2` at the top does so for all that follows.',
      branches.length === 0 && inFunction === undefined ? 'error' : 'warning',
    ),
  );
}

function printsXml({ words }: Command): boolean {
  return words.slice(1).some(({ text }) => /^<|xml|dom|\$\{?(?:in|input|stdin|new|out|output)\b/i.test(text));
}

/** Whether commands of a branch run at an operation whose output counts, without being meant for it. */
function letsThrough(branch: Branch, filters: readonly string[], variables: ReadonlySet<string>): boolean {
  const asked = askedIn(branch, variables)?.map(one => one.name);
  if (asked === undefined) {
    return true;
  }
  const named = asked.some(name => filters.includes(name));
  return branch.kind === 'case'
    ? !named && asked.some(name => /[*?[]/.test(name))
    : !named && branch.holds === isNegated(branch.condition);
}

function isNegated(condition: readonly Item[]): boolean {
  return condition.some(item =>
    item.nodes.some(node => node.type === 'simple' && node.words.some(word => word.text === '!=')),
  );
}

/** From which line on only operations are left whose output does not count: all others have left the script. */
function guardLine(
  items: readonly Item[],
  filters: readonly string[],
  variables: ReadonlySet<string>,
): number {
  const found = items.findIndex(({ nodes, after }, i) => {
    const [node] = nodes;
    const next = items[i + 1]?.nodes[0];
    if (node?.type === 'case') {
      const asked = node.arms.map(({ patterns }) =>
        askedIn({ kind: 'case', subject: node.subject, patterns }, variables)?.map(one => one.name),
      );
      return (
        node.arms.every(({ body }, k) =>
          asked[k]?.some(name => filters.includes(name) || /[*?[]/.test(name)) ? leaves(body) : asked[k],
        ) && asked.some(names => names?.includes('*'))
      );
    }
    const condition = node?.type === 'if' ? node.clauses[0]?.condition : [{ nodes, after }];
    const branch: Branch = { kind: 'if', condition: condition ?? [], holds: true };
    const asked = askedIn(branch, variables)?.map(one => one.name);
    if (asked === undefined || asked.some(name => filters.includes(name)) || condition === undefined) {
      return false;
    }
    return node?.type === 'if'
      ? isNegated(condition) && leaves(node.clauses[0]?.body ?? [])
      : isTest(node?.type === 'simple' ? node.words[0] : undefined) &&
          next !== undefined &&
          leaves([{ nodes: [next], after: ';' }]) &&
          after === (isNegated(condition) ? '&&' : '||');
  });
  return items[found]?.nodes[0]?.line ?? Number.POSITIVE_INFINITY;
}

function leaves(body: readonly Item[]): boolean {
  const last: Node | undefined = body.at(-1)?.nodes[0];
  return last?.type === 'simple'
    ? last.words[0]?.text === 'exit'
    : last?.type === 'group' && leaves(last.bodies[0] ?? []);
}

/** The line of an `exec` that sends stdout of the whole script elsewhere. */
function outputsMoved(commands: readonly Command[]): number {
  const found = commands.find(
    one =>
      one.words[0]?.text === 'exec' &&
      one.words.length === 1 &&
      one.branches.length === 0 &&
      one.inFunction === undefined &&
      redirected({ stdout: 'out', stderr: 'err' }, one.redirects).stdout !== 'out',
  );
  return found?.line ?? Number.POSITIVE_INFINITY;
}

/** Whoever runs a hook reads its outputs to their end, which comes when the last child that holds them has ended. */
export function backgroundChildren(commands: readonly Command[]): Finding[] {
  if (commands.some(({ words }) => words[0]?.text === 'wait')) {
    return [];
  }
  const moved = commands.find(
    ({ words, redirects, branches }) =>
      words[0]?.text === 'exec' && words.length === 1 && branches.length === 0 && movesBoth(redirects),
  );
  const lines = new Set(
    commands
      .filter(
        one =>
          one.background &&
          !(one.stdout === 'away' && one.stderr === 'away') &&
          !one.inSubstitution &&
          one.words.length > 0 &&
          one.line < (moved?.line ?? Number.POSITIVE_INFINITY),
      )
      .map(one => one.line),
  );
  return [...lines].map(line =>
    finding(
      'background-child',
      line,
      'this child in the background keeps the outputs of the hook open, so the operation waits until it has ended',
      'Send both outputs away (`>/dev/null 2>&1 &`), or start it with systemd-run.',
    ),
  );
}

function movesBoth(redirects: Command['redirects']): boolean {
  const { stdout, stderr } = redirected({ stdout: 'out', stderr: 'err' }, redirects);
  return stdout === 'away' && stderr === 'away';
}
