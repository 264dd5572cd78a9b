/** The keys that verify `check_code` (docs/contract.md, section 2). */
export interface CheckCodeKeys {
  /** The valid keys, the current one first; empty if no key is configured. */
  read(): Promise<readonly string[]>
  /** Reads the keys again: one may have been rotated a moment ago. */
  refresh(): Promise<readonly string[]>
}
