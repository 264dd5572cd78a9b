/** SQS's limit of a message, and of all messages of a batch together. */
export const maxBytes = 1_048_576
