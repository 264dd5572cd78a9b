import type { EnvironmentName } from '../names/environment.ts'

/** Set by Lambda itself: the folder of the bundle. */
type LambdaEnvironmentName = 'LAMBDA_TASK_ROOT'

/** @throws Error if the variable is not set: the function cannot work without it. */
export function environment(name: EnvironmentName | LambdaEnvironmentName): string {
  const value = optionalEnvironment(name)
  if (value === undefined) throw new Error(`environment variable ${name} is not set`)
  return value
}

export function optionalEnvironment(name: EnvironmentName | LambdaEnvironmentName): string | undefined {
  return process.env[name]
}
