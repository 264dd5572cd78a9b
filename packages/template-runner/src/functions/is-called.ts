/** Whether a function is meant by a name: its construct path, the last segment of that, or its physical name. */
export function isCalled(
  { path, name }: { readonly path: string; readonly name: string },
  functionName: string,
): boolean {
  return [path, name].includes(functionName) || path.endsWith(`/${functionName}`)
}
