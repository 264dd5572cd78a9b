/** State table: partition key of the numbers of refused callbacks, to which the receiver may add. */
export const group = 'refused-count'
