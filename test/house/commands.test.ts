import test from 'ava';
import type { Command } from 'commander';
import { EXAMPLES } from '../../src/cli/options/examples.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { PAGES, type Page } from './pages.ts';

/** The command lines of a page: whole lines in its blocks, with and without a prompt, and code within the text. */
function shownOn({ blocks, prose }: Page): readonly string[] {
  const lines = blocks
    .filter(({ language }) => ['', 'sh', 'bash', 'console'].includes(language))
    .flatMap(block => block.lines);
  const inline = [...prose.join('\n').matchAll(/`(hookfleet [^`\n]+)`/g)].map(([, code = '']) => code);
  return [...lines, ...inline].flatMap(line => {
    const [, command] = /^(?:\S*\$ )?(hookfleet .*)$/.exec(line.trim()) ?? [];
    return command === undefined ? [] : [command];
  });
}

/** What is wrong with a command line: an unknown command, or an option that the command does not have. */
function fault(line: string): string | undefined {
  const [, ...words] = line
    .replace(/ +#.*$/, '')
    .replace(/ *(?:[|;]|&&|>|2>).*$/, '')
    .split(/ +/);
  let command: Command = buildProgram(() => {});
  const options: string[] = [];
  for (const word of words) {
    const below = command.commands.find(one => one.name() === word);
    if (word.startsWith('-') && /^--?[a-zA-Z]/.test(word)) {
      options.push(word.replace(/=.*$/, ''));
    } else if (below && options.length === 0) {
      command = below;
    }
  }
  if (command.commands.length > 0 && words.some(word => /^[a-z]/.test(word)) && command.parent === null) {
    return `unknown command: ${words[0]}`;
  }
  const known = [command, ...parents(command)].flatMap(one =>
    one.options.flatMap(({ long, short }) => [long, short]),
  );
  const unknown = options.filter(word => !known.includes(word) && !['-h', '--help'].includes(word));
  return unknown.length > 0 ? `unknown option: ${unknown.join(' ')}` : undefined;
}

function parents(command: Command): readonly Command[] {
  return command.parent ? [command.parent, ...parents(command.parent)] : [];
}

test('a command line with a word that is not known would be found', t => {
  t.is(fault('hookfleet chekc site.yml'), 'unknown command: chekc');
  t.is(fault('hookfleet check site.yml --dryrun'), 'unknown option: --dryrun');
  t.is(fault('hookfleet hooks show diskunmap --json | less  # a page'), undefined);
});

test('every example of --help is a command that the program knows', t => {
  for (const line of Object.values(EXAMPLES).flat()) {
    t.is(fault(line), undefined, line);
  }
});

for (const page of PAGES) {
  test(`every command that ${page.name} shows is one that the program knows`, t => {
    t.deepEqual(
      shownOn(page).flatMap(line => {
        const wrong = fault(line);
        return wrong === undefined ? [] : [`${line}: ${wrong}`];
      }),
      [],
    );
  });
}
