import { lines, type Sh, sh } from '../../core/sh.ts';
import type { VersionRange } from './version-range.ts';

/**
 * Shell functions that hold versions against a range, with the comparison of the host's own rpm; to be put behind
 * those of `dnfFunctions`.
 *
 * - `choose NAME BOUNDS`: leaves dnf only the versions of a package that are within the bounds, through `$chosen`; a
 *   line `hookfleet: no-version NAME BOUNDS: …` with those that there are, where none is. A package that no
 *   repository has is left to dnf's own words.
 * - `fits NAME BOUNDS`: whether an installed version is within them.
 */
export const VERSION_FUNCTIONS = lines([
  sh`ranger=${luaRanger()}`,
  sh`ranged() { rpm --define "hookfleet_bounds $1" --eval "$ranger"; }
query='%{name} %{epoch}:%{version}-%{release} %{arch}'
choose() {
  retry dnf -q repoquery --showduplicates --qf "$query\n" -- "$1"
  [ "$status" -eq 0 ] || return 0
  awk -v name="$1" '$1 == name' "$work/out" | ranged "$2" >"$work/versions" || { status=1; return 0; }
  if grep -q '^out ' "$work/versions" && ! grep -q '^in ' "$work/versions"; then
    status=1
    printf 'hookfleet: no-version %s %s: %s\n' "$1" "$2" "$(awk '$1 == "out" { sub(/^0:/, "", $2); print $2 }' "$work/versions" | uniq | tail -n 20 | paste -s -d ' ' -)"
    return 0
  fi
  chosen="$chosen $(awk -v name="$1" '$1 == "out" { print "--setopt=*.excludepkgs=" name "-" $2 "." $3 }' "$work/versions")"
}
fits() {
  rpm -q --qf '%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH}\n' -- "$1" >"$work/versions" || return 1
  ranged "$2" <"$work/versions" | grep -q '^in '
}`,
]);

/** One call of {@link VERSION_FUNCTIONS}. */
export function chooseVersion(name: string, range: VersionRange): Sh {
  return sh`[ "$status" -ne 0 ] || choose ${name} ${range.text}`;
}

/**
 * A macro of rpm in Lua: lines `NAME EVR ARCH` on stdin become `in EVR ARCH` and `out EVR ARCH`, the oldest first.
 * Only versions and releases go to `rpm.vercmp`, since before rpm 4.16 it knew nothing of epochs. Lua's own classes
 * (`%d`) are not used, because rpm may expand a percent sign; `print` would write into the macro's result.
 */
function luaRanger(): string {
  return `%{lua:
local function split(evr)
  local epoch, release = 0, nil
  local colon = string.find(evr, ":", 1, true)
  if colon then
    epoch = tonumber(string.sub(evr, 1, colon - 1)) or 0
    evr = string.sub(evr, colon + 1)
  end
  local dash = string.find(evr, "[-][^-]*$")
  if dash then
    release = string.sub(evr, dash + 1)
    evr = string.sub(evr, 1, dash - 1)
  end
  return epoch, evr, release
end
local function compare(a, b)
  local e1, v1, r1 = split(a)
  local e2, v2, r2 = split(b)
  if e1 ~= e2 then
    return e1 < e2 and -1 or 1
  end
  local order = rpm.vercmp(v1, v2)
  if order == 0 and r1 and r2 then
    order = rpm.vercmp(r1, r2)
  end
  return order
end
local holds = {
  ["="] = function(order) return order == 0 end,
  [">="] = function(order) return order >= 0 end,
  ["<="] = function(order) return order <= 0 end,
  [">"] = function(order) return order > 0 end,
  ["<"] = function(order) return order < 0 end,
}
local bounds = rpm.expand("%" .. "{hookfleet_bounds}")
local found = {}
for line in io.lines() do
  local blank = string.find(line, " ", 1, true)
  local last = string.find(line, " [^ ]*$")
  table.insert(found, {string.sub(line, blank + 1, last - 1), string.sub(line, last + 1)})
end
table.sort(found, function(a, b) return compare(a[1], b[1]) < 0 end)
for _, one in ipairs(found) do
  local verdict = "in"
  for operator, bound in string.gmatch(bounds, "([<>=]+)([^ ]+)") do
    if not holds[operator](compare(one[1], bound)) then
      verdict = "out"
    end
  end
  io.write(verdict .. " " .. one[1] .. " " .. one[2] .. string.char(10))
end
}`;
}
