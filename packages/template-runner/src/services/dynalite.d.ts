declare module 'dynalite' {
  import type { Server } from 'node:http'

  /** Creates an in-memory DynamoDB. Closing the server also closes its database. */
  export default function dynalite(options?: { createTableMs?: number; deleteTableMs?: number }): Server
}
