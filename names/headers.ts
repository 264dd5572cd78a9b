// HTTP headers. API Gateway passes header names to the functions in lower case.

/** Sent only by the CloudFront distribution, so it proves that a request came through it. */
export const edgeKey = 'x-northbound-edge-key'
/** The client's address and port, as CloudFront saw them. */
export const viewerAddress = 'CloudFront-Viewer-Address'
/** The cursor of the next part of a CSV export. */
export const nextCursor = 'x-next-cursor'
