/** Days as integers for the twins: days since 1970 and ISO text. */
export const dayNumber = (iso: string): number => Math.floor(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / 86_400_000)
export const isoDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
/** `YYYY-MM-DD HH:MM:SS` to seconds since 1970 */
export const seconds = (time: string): number => Date.parse(`${time.replace(' ', 'T')}Z`) / 1000
/** money text or number to integer minor units */
export const cents = (amount: number | string | boolean | null | undefined): number => Math.round(Number(amount) * 100)
