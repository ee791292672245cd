/** Text that goes into SQL is quoted here and nowhere else. */

/** An identifier in double quotes. NUL cannot be part of one. */
export const identifier = (name: string): string => `"${name.replaceAll('\0', '').replaceAll('"', '""')}"`

/** A string literal in single quotes. */
export const literal = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`

/** A list of string literals in parentheses: ('a', 'b'). An empty list matches nothing. */
export const literalList = (texts: readonly string[]): string =>
  `(${texts.length ? texts.map(literal).join(', ') : 'NULL'})`

/** A date literal from an ISO day. */
export const dateLiteral = (day: string): string => `DATE ${literal(day)}`
