/** Where the stack is said to be deployed, in the words of ARNs; the account is that of the emulated SQS and SNS. */
export const region = 'us-east-1'
export const accountId = '000000000000'
