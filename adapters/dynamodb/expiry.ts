/** When an item of this time (ms) expires, in seconds since 1970: the format of DynamoDB's time to live. */
export function expiryOf(ms: number, retentionDays: number): number {
  return Math.ceil(ms / 1000) + retentionDays * 86_400
}
