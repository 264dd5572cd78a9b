declare module 'dynalite' {
  import type { Server } from 'node:http'

  /** An in-memory DynamoDB; `close` ends its database too. */
  export default function dynalite(options?: { createTableMs?: number; deleteTableMs?: number }): Server
}
