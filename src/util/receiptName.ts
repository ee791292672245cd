/** What the lines of a receipt that are no factors are called. A factor of the same name is put in quotes; names in such quotes get more of them. */
const LINES =
  /^(?:\u201c)*(?:base|base: score of the background|score|= score|limit of the scale|[\d,]+ (?:other factors|others))(?:\u201d)*$/i

/** Name of a factor as it stands in a receipt: never that of the base, the score or another line that is no factor. */
export const receiptName = (factor: string): string => (LINES.test(factor.trim()) ? `\u201c${factor}\u201d` : factor)
