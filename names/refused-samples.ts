/** State table: partition key of all samples of refused callbacks that the receiver may put. */
export const group = 'refused'
