/** HTTP headers. API Gateway passes header names to the functions in lower case. */
export const headerNames = {
  /** Sent only by the CloudFront distribution, so it proves that a request came through it. */
  edgeKey: 'x-northbound-edge-key',
  /** The client's address and port, as CloudFront saw them. */
  viewerAddress: 'CloudFront-Viewer-Address',
  /** The cursor of the next part of a CSV export. */
  nextCursor: 'x-next-cursor',
} as const
