import { type Finding, finding } from '../finding.ts';
import { lineAt, type PythonScript } from './lines.ts';

/** What Python 3 does not have, and what has it now; `py_compile` sees none of these. */
const GONE: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/(?<!\bsix)\.(iteritems|itervalues|iterkeys)\(/g, 'items(), values() and keys()'],
  [/\.(has_key)\(/g, '`in`'],
  [/(?<![.\w])(xrange|unicode|raw_input|unichr|execfile)\(/g, 'range, str, input, chr'],
  [/(?<![.\w])(basestring)\b/g, 'str'],
  [
    /\b(sys\.maxint|os\.getcwdu|string\.(?:letters|lowercase|uppercase|maketrans|join))\b/g,
    'sys.maxsize, os.getcwd, string.ascii_letters …',
  ],
  [
    /^(?:from|import) (ConfigParser|urllib2|StringIO|cStringIO|cPickle|Queue|httplib|urlparse|commands|HTMLParser|xmlrpclib|SocketServer|__builtin__)\b/g,
    'configparser, urllib.request, io, pickle, queue, http.client …',
  ],
];

/**
 * Names of Python 2 that fail when the line is reached, often no sooner than a VM uses the property. A script that
 * looks which Python it has, or catches the error, is left alone.
 */
export function leftovers({ lines }: PythonScript): Finding[] {
  if (
    lines.some(({ code }) =>
      /\bsys\.version_info\b|^except\b.*\b(?:ImportError|NameError|ModuleNotFoundError|AttributeError)\b/.test(
        code.slice(0, 300),
      ),
    )
  ) {
    return [];
  }
  const own = new Set(
    lines.flatMap(({ code }) => {
      const found = /^(?:def|class) (\w+)|^(\w+) ?=[^=]/.exec(code.slice(0, 100));
      return found?.[1] ?? found?.[2] ?? [];
    }),
  );
  const names = lines.flatMap(line =>
    GONE.flatMap(([pattern, instead]) =>
      [...line.code.matchAll(pattern)].flatMap(match => {
        const name = match[1] ?? '';
        return own.has(name)
          ? []
          : [gone(lineAt(line, match.index), `Python 3 has no ${name}`, `Use ${instead}.`)];
      }),
    ),
  );
  return [...names, ...bytesOrd(lines)];
}

function gone(line: number, what: string, hint: string): Finding {
  return finding('python2-code', line, `${what}, so the script fails as soon as it comes to this line`, hint);
}

/** In Python 3 a byte is a number already. */
function bytesOrd(lines: PythonScript['lines']): Finding[] {
  const bytes = new Set(
    lines.flatMap(
      ({ code }) =>
        /^(\w{1,80}) = (?:codecs\.decode\(|os\.urandom\(|bytes\.fromhex\(|binascii\.unhexlify\()/.exec(
          code,
        )?.[1] ?? [],
    ),
  );
  return lines.flatMap(line =>
    [...line.code.matchAll(/\bord\((\w{1,80})\) for \1 in (\w{1,80})\b/g)]
      .filter(match => bytes.has(match[2] ?? ''))
      .map(match =>
        gone(
          lineAt(line, match.index),
          'ord() takes no byte in Python 3',
          'A byte is a number already: leave ord() out.',
        ),
      ),
  );
}
