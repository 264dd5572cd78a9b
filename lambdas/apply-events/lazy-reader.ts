import type { SecretMemory, SecretReader } from '../../core/ports/secret-reader.ts'

/** Creates the reader at the first read. A reader makes a request as soon as it is created. */
export function createLazyReader<Value>(
  create: () => SecretReader<Value> & SecretMemory<Value>,
): SecretReader<Value> & SecretMemory<Value> {
  let reader: (SecretReader<Value> & SecretMemory<Value>) | undefined
  const readerOf = () => (reader ??= create())
  return {
    read: (deadline) => readerOf().read(deadline),
    refresh: (deadline) => readerOf().refresh(deadline),
    recall: async () => reader?.recall(),
  }
}
