// Loaded before a program, with --import: when the program ends it writes what it held into the file that NO_LEAKS_HELD
// names.
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';

const openAtStart = openFiles();
let emptied = false;
process.on('beforeExit', () => {
  emptied = true;
});
process.on('exit', () => {
  // Not resourceUsage(): a new process begins with the peak of the one that has started it.
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const held = { emptied, peakBytes: Number(peak) * 1024, openAtStart, openAtEnd: openFiles() };
  writeFileSync(process.env.NO_LEAKS_HELD, JSON.stringify(held));
});

/** What the open descriptors are, without their numbers. With its first stream libuv takes /dev/null, to have one in reserve. */
function openFiles() {
  return readdirSync('/proc/self/fd')
    .flatMap(fd => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).replace(/\d+/g, 'N');
      } catch {
        return []; // the one that lists the folder
      }
    })
    .filter(file => file !== '/dev/null')
    .sort();
}
