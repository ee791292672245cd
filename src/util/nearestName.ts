/** Edit distance with single-character insertions, deletions and replacements (Levenshtein), case and separators ignored. */
const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, replace))
    }
    previous = current
  }
  return previous[b.length]!
}

const plain = (name: string): string => name.toLowerCase().replace(/[\s_.-]+/g, '')

/** The name that was probably meant, or null when nothing is near (more than a third of the letters differ). */
export const nearestName = (wanted: string, names: readonly string[]): string | null => {
  let best: string | null = null
  let least = Number.POSITIVE_INFINITY
  for (const name of names) {
    const d = distance(plain(wanted), plain(name))
    if (d < least) {
      least = d
      best = name
    }
  }
  return least <= Math.max(wanted.length, best?.length ?? 0) / 3 ? best : null
}

/** "did you mean X? there are: a, b, c" for a name that was not found. */
export const nameHint = (wanted: string, names: readonly string[]): string => {
  const near = nearestName(wanted, names)
  const shown = names.length > 30 ? `${names.slice(0, 30).join(', ')}, ... (${names.length})` : names.join(', ')
  return `${near ? `did you mean ${near}? ` : ''}there are: ${shown}`
}
