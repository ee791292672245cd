/** How many persons the charts of a report show as dots where nobody says otherwise. */
export const DEFAULT_SAMPLE = 600
/** The most that a chart has room for. */
export const MOST_SAMPLED = 2000
