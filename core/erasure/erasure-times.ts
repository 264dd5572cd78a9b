export const msPerDay = 86_400_000

/** ms for which a function may use the erasures that it has read. */
export const maxErasureAgeMs = 60_000

/** ms that an invocation of a function may take which writes data of people (lib/northbound.ts). */
const maxInvocationMs = 60_000

/** ms after which no function is running that does not know of an erasure. The rest is for clocks that differ. */
export const erasureSettleMs = maxErasureAgeMs + maxInvocationMs + 5_000
