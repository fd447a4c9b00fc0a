/** How long something took, from milliseconds: `0.4 s`, `41 s`, `2 min 05 s`, `1 h 05 min`. */
export function duration(ms: number): string {
  return ms < 9_950 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : wholeDuration(ms);
}

/** The same without fractions of a second, for what is counted on a screen: `3 s`. */
export function wholeDuration(ms: number): string {
  const seconds = Math.round(Math.max(0, ms) / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${twoDigits(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** How long something will take, no more exact than an estimate can be: `about 40 s`, `about 6 min`, `about 1 h 20 min`. */
export function roughDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 100) {
    return `about ${Math.max(5, Math.round(seconds / 5) * 5)} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    return `about ${minutes} min`;
  }
  const tens = Math.round(minutes / 10) * 10;
  return `about ${Math.floor(tens / 60)} h${tens % 60 === 0 ? '' : ` ${tens % 60} min`}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
