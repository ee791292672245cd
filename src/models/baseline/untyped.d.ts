/** Packages without types of their own; what is used of them is stated where they are loaded. */
declare module 'ml-logistic-regression' {
  const LogisticRegression: unknown
  export default LogisticRegression
}
