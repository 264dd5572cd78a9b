/** State table: partition key of all samples of refused callbacks, the only one that the receiver may write. */
export const group = 'refused'
