import { type Sh, sh } from '../../core/sh.ts';

/** A program of GNU or util-linux that other systems have not, or have with other options. */
export interface PortableStandIn {
  /** Whether this machine's own program will do: run in an empty folder. */
  readonly test: Sh;
  readonly script: Sh;
}

/** In the place of programs that macOS has not, from what it has: perl and shasum come with it. */
export const PORTABLE_STAND_INS: Readonly<Record<string, PortableStandIn>> = {
  base64: {
    test: sh`[ "$(echo x | base64 -w 0)" = eAo= ] && [ "$(echo eAo= | base64 -d)" = x ]`,
    script: sh`#!/bin/sh
case "$*" in
  '-w 0') exec perl -MMIME::Base64 -e 'local $/; print encode_base64(<STDIN>, "")' ;;
  -d) exec perl -MMIME::Base64 -e 'local $/; print decode_base64(<STDIN>)' ;;
  *) echo "the base64 of the demo does not understand: base64 $*" >&2; exit 99 ;;
esac
`,
  },
  flock: {
    test: sh`flock -E 75 -w 1 9 9>lock`,
    script: sh`#!/bin/sh
case "$1 $3 $5" in
  '-E -w 9') ;;
  *) echo "the flock of the demo does not understand: flock $*" >&2; exit 99 ;;
esac
exec perl -e '
  use Fcntl ":flock";
  my ($busy, $wait) = @ARGV;
  open my $lock, "<&=", 9 or die "flock: $!\n";
  for (my $tries = 0; !flock $lock, LOCK_EX | LOCK_NB; $tries++) {
    exit $busy if $tries >= 10 * $wait;
    select undef, undef, undef, 0.1;
  }' "$2" "$4"
`,
  },
  mv: {
    test: sh`: >a && mv -fT -- a b`,
    script: sh`#!/bin/sh
PATH=\${PATH#*:}
case $1 in
  -fT)
    shift
    [ "$1" != -- ] || shift
    if [ -d "$2" ] && [ ! -h "$2" ]; then
      echo "mv: cannot overwrite the folder $2" >&2
      exit 1
    fi
    [ ! -h "$2" ] || rm -f -- "$2"
    exec mv -f -- "$1" "$2" ;;
  *) exec mv "$@" ;;
esac
`,
  },
  sha256sum: {
    test: sh`: >a && sha256sum -- a`,
    script: sh`#!/bin/sh
[ "$1" != -- ] || shift
exec shasum -a 256 -- "$@"
`,
  },
};
