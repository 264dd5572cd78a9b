declare module 'dynalite' {
  import type { Server } from 'node:http'

  /** Creates a DynamoDB, in memory without a `path`. Closing the server also closes its database. */
  export default function dynalite(options?: { path?: string; createTableMs?: number; deleteTableMs?: number }): Server
}
