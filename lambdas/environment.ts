/** A variable that the template sets; without it the function cannot work at all. */
export function environment(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`environment variable ${name} is not set`)
  return value
}
