/** Names that suggest a protected attribute, in a few languages; a proposal for a person to decide on, never a rule. */
const WORDS = [
  'sex',
  'gender',
  'age',
  'birth',
  'born',
  'dob',
  'birthdate',
  'marital',
  'marriage',
  'married',
  'statussex',
  'personalstatus',
  'race',
  'ethnic',
  'ethnicity',
  'nationality',
  'citizenship',
  'foreign',
  'foreigner',
  'migrant',
  'religion',
  'disability',
  'disabled',
  'pregnant',
  'orientation',
  'language',
  'caste',
  'hukou',
  'education',
]

/** The word of a column's name that suggests a protected attribute, or null. */
export const protectedWord = (column: string): string | null => {
  const parts = column
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
  const joined = parts.join('')
  return WORDS.find((w) => parts.includes(w)) ?? WORDS.find((w) => w.length > 5 && joined.includes(w)) ?? null
}
