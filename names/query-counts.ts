/** State table: partition key of the numbers of queries by second, the only one that the query API may write. */
export const group = 'query-count'
