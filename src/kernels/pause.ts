/** Lets the event loop turn once, so that progress is drawn and a signal is heard; pages have no setImmediate. */
export const pause = (): Promise<void> =>
  new Promise((resolve) => {
    if ('setImmediate' in globalThis) setImmediate(resolve)
    else setTimeout(resolve)
  })
