/** The name of a switch as on the command line: thin-files for thinFiles. */
export const switchOption = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
