/**
 * Whether a version is at least as new as another. Jenkins' plugins went from 1.7.8 to numbers such as
 * `257.v7dc0e405b_624`, which count as newer; so do their first numbers compare, up to the first that is none.
 */
export function isAtLeast(version: string, other: string): boolean {
  const [left, right] = [numbersOf(version), numbersOf(other)];
  for (const [index, number] of right.entries()) {
    const difference = (left[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numbersOf(version: string): number[] {
  const parts = version.split(/[.-]/);
  const end = parts.findIndex((part) => !/^\d+$/.test(part));
  return parts.slice(0, end < 0 ? parts.length : end).map(Number);
}
