# Read by bash before a script (BASH_ENV), on an engine host of the lab that stands in for one whose every remote step can
# be halted: it counts the commands of each step (each fragment of each script of hookfleet), and stops at one of them
# until it is told to go on. The scripts are hookfleet's own, unchanged; that they run in bash is what they do on EL.
#
# /var/lib/lab-trace/execs     how many scripts have begun
# /var/lib/lab-trace/log       `SCRIPT STEP COMMAND` for each command, `SCRIPT STEP after` for each end of a step
# /var/lib/lab-trace/stop      where to stop: such a line
# /var/lib/lab-trace/reached   is made there; `go` in the same folder ends the halt
set -o posix -o functrace
lab=/var/lib/lab-trace lab_script=

lab_event() {
  printf '%s\n' "$1" >>"$lab/log"
  [ "$1" = "$lab_stop" ] || return 0
  : >"$lab/reached"
  while [ ! -e "$lab/go" ]; do sleep 0.02; done
}

lab_at() {
  case ${FUNCNAME[1]-} in mark | done_with) return 0 ;; esac
  case $1 in
    'mark "begin '* | 'mark end')
      lab_script=
      [ -e "$lab/execs" ] || return 0
      case $1 in 'mark end') return 0 ;; esac
      read -r lab_script <"$lab/execs"
      lab_script=$((lab_script + 1)) lab_step=1 lab_count=0 lab_stop=
      echo "$lab_script" >"$lab/execs"
      [ ! -e "$lab/stop" ] || read -r lab_stop <"$lab/stop" ;;
    'done_with "$?"')
      [ -n "$lab_script" ] || return 0
      lab_event "$lab_script $lab_step after"
      lab_step=$((lab_step + 1)) lab_count=0 ;;
    *)
      [ -n "$lab_script" ] || return 0
      lab_count=$((lab_count + 1))
      lab_event "$lab_script $lab_step $lab_count" ;;
  esac
}

trap 'lab_at "$BASH_COMMAND"' DEBUG
