/** A camel-case name as on the command line: thin-files for thinFiles. */
export const hyphenated = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
