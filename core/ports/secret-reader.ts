/** What a secret holds, or why that is not known. */
export type SecretReading<Value> =
  | { readonly outcome: 'configured'; readonly value: Value }
  /** The secret is empty: nothing is configured. */
  | { readonly outcome: 'not_configured' }
  /** Secrets Manager did not respond in time, or refused. */
  | { readonly outcome: 'unreadable'; readonly error: Error }
  /** The content cannot be used. No part of it is in the error. */
  | { readonly outcome: 'unusable'; readonly error: Error }

/** Reads a secret (docs/contract.md, section 2). */
export interface SecretReader<Value> {
  /**
   * Returns the last usable value. It is read again, and awaited, if it is older than a minute; the old value is used if
   * that fails.
   *
   * @param deadline ms since 1970
   */
  read(deadline: number): Promise<SecretReading<Value>>
  /**
   * Returns what the secret holds now: before a caller is refused, since the value may have been replaced a moment ago.
   * The secret is not read again within two seconds.
   *
   * @param deadline ms since 1970
   */
  refresh(deadline: number): Promise<SecretReading<Value>>
}

/** Remembers a secret without reading it again. */
export interface SecretMemory<Value> {
  /** @returns the last usable value; undefined if none has been read. A request that is pending is awaited. */
  recall(): Promise<SecretReading<Value> | undefined>
}

/** The keys that verify `check_code`, the current one first. Never empty. */
export type CheckCodeKeys = readonly string[]

/** The bearer tokens of the query API, the current one first. Never empty. */
export type ApiTokens = readonly string[]
