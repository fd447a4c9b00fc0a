import type { Section } from '../../core/section.ts';
import type { Explanation } from '../resource.ts';
import { type ProtectedDomainsWanted, RULES } from './protected-wanted.ts';

/** What it means that a step was stopped: by what it wrote about it. Undefined for any other failure. */
export function explainStop(
  { stdout, stderr }: Section,
  { operators }: ProtectedDomainsWanted,
): Explanation | undefined {
  const [, word = '', text = ''] = /^G\t([a-z]+)\t(.*)$/m.exec(stdout) ?? [];
  const trouble = /^B\t(.*)$/m.exec(stdout)?.[1];
  const told = EXPLANATIONS[word]?.(text.split('|'), operators);
  if (told === undefined) {
    return trouble === undefined ? undefined : halfDone(trouble, stderr);
  }
  return { message: `${told.message}${word === 'guests' ? '' : ending(word, trouble)}`, hint: told.hint };
}

/** A command of the step itself has failed, and then one of those that take it back. */
function halfDone(trouble: string, stderr: string): Explanation {
  return {
    message: `${stderr.trimEnd().split('\n').at(-1) || 'A command failed'}; and what had been changed could not be taken back (${trouble})`,
    hint: 'Mend that on the host, then run this again: the next run goes on from what is there.',
  };
}

/** What is left of what had been done. */
function ending(word: string, trouble: string | undefined): string {
  const isAnew = word === 'daemon' || word === 'silentdaemon';
  if (trouble === undefined) {
    return isAnew
      ? '. It was started again with the old one, and nothing was changed'
      : '; nothing was changed';
  }
  return isAnew
    ? `. Everything was put back, but it does not start with the old one either (${trouble})`
    : `; and what had been changed could not be taken back (${trouble})`;
}

type Explain = (details: readonly string[], operators: readonly string[]) => Explanation;

const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  silent: () => ({
    message: 'polkit of this host does not answer',
    hint: '`systemctl status polkit` and `journalctl -u polkit` on the host tell why.',
  }),
  unread: () => ({
    message: 'polkit of this host does not go by the rules that were placed',
    hint: '`journalctl -u polkit` on the host tells whether polkitd could read and compile them.',
  }),
  group: ([group = '']) => ({
    message: `There is no group ${group} on this host`,
    hint: 'Name the group of those who may use libvirt there with `operators`.',
  }),
  allowed: ([user = '', permission = '', domain = '']) => ({
    message: `polkit would let ${user} do ${permission} with the protected domain ${domain}: another rule answers before those of hookfleet`,
    hint: `Rules files are read in the order of their names. Look for one whose name comes before ${RULES.slice(RULES.lastIndexOf('/') + 1)}.`,
  }),
  refused: ([user = '']) => ({
    message: `polkit would refuse ${user} what libvirt allows today: to stop a domain that is not protected`,
    hint: 'Another rule of the host, read before those of hookfleet, says so. Look through /etc/polkit-1/rules.d.',
  }),
  clients: ([names = ''], operators) => ({
    message: `With access control on, these users of libvirt could do nothing but read: ${names}`,
    hint: `Take them into the group ${operators.join(' or ')}, name a group of theirs too with \`operators: [${operators.join(', ')}, …]\`, or grant them ${LIBVIRT_TREE} in a rule of your own.`,
  }),
  remote: ([address = '']) => ({
    message: `A client of another host is connected (${address}): polkit can be asked about users of this host alone, so libvirt would refuse it everything`,
    hint: 'Let it come over SSH (qemu+ssh://), as a user of this host.',
  }),
  unlisted: ([server = '', said = '']) => ({
    message: `${server} of this host does not tell who is connected${said === '' ? '' : `: ${said}`}`,
    hint: `\`virt-admin -c ${server}:///system srv-clients-list ${server}\` on the host tells more.`,
  }),
  hook: ([hook = '', verdict = '', code = '', said = '']) => ({
    message: `${called(verdict, code, hook)}${said === '' ? '' : `: ${said}`}. The daemon must be restarted, and a hook that fails then ends every running guest`,
    hint: 'Mend the hook so that it ends with 0 for a guest that it does not know, or take it away; then run this again.',
  }),
  fence: ([hook = '', said = '']) => ({
    message: `/etc/libvirt/hooks/${hook} could not be tried for reconnect, because this host does not fence it in${said === '' ? '' : `: ${said}`}. The daemon must be restarted, and a hook that fails then ends every running guest`,
    hint: 'It takes systemd, or unshare and setpriv of util-linux, with the right to make namespaces.',
  }),
  edited: ([path = '']) => ({
    message: `${path} was edited in the meantime`,
    hint: 'Somebody else is at work on this host: talk to them, then run this again.',
  }),
  conf: ([unit = '', said = '']) => ({
    message: `${unit} of this host could not start with its configuration${said === '' ? '' : `: ${said}`}`,
    hint: `Mend /etc/libvirt/${unit}.conf: the daemon that runs has read it when it was another, and must be restarted.`,
  }),
  unrestarted: ([unit = '', said = '']) => ({
    message: `${unit} of this host cannot be restarted${said === '' ? '' : `: ${said}`}. The daemon that runs was left alone`,
    hint: `\`systemctl restart ${unit}\` on the host would say the same; run this again when it can be.`,
  }),
  appeared: ([unit = '']) => ({
    message: `${unit} of this host was started in the meantime, with the configuration that it had then`,
    hint: 'Run this again.',
  }),
  daemon: ([unit = '', said = '']) => ({
    message: `${unit} of this host does not start with its new configuration${said === '' ? '' : `: ${said}`}`,
    hint: `\`journalctl -u ${unit}\` on the host tells why; guests run on without it.`,
  }),
  silentdaemon: ([unit = '']) => ({
    message: `${unit} of this host does not answer with its new configuration`,
    hint: `\`journalctl -u ${unit}\` on the host tells why; guests run on without it.`,
  }),
  guests: ([names = '']) => ({
    message: `The daemon was restarted, and these guests do not run on in their process: ${names}`,
    hint: 'Look at them with `virsh list --all`, and at `journalctl -u libvirtd`; hooks called for reconnect end guests where they fail.',
  }),
};

const LIBVIRT_TREE = '`org.libvirt.api.*`';

function called(verdict: string, code: string, hook: string): string {
  const path = `/etc/libvirt/hooks/${hook}`;
  const what =
    verdict === 'exit'
      ? `ended with exit code ${code}`
      : verdict === 'prints'
        ? 'printed something'
        : 'did not end in time';
  return `${path}, called for reconnect in a dry run, ${what}`;
}
