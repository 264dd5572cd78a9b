/** A field of a multipart form. */
export interface FormField {
  readonly name: string
  readonly content: Uint8Array
  readonly contentType?: string | undefined
}

/** Unlikely to occur in typed fields. */
const boundary = '------------------------northbound-verify-7f3c1b52'

/** Encodes fields as a browser or curl does. */
export function encodeMultipart(fields: readonly FormField[]): { readonly body: Buffer; readonly contentType: string } {
  const parts = fields.flatMap(({ name, content, contentType }) => {
    const escaped = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
    const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped}"\r\n${type}\r\n`
    return [Buffer.from(head), Buffer.from(content), Buffer.from('\r\n')]
  })
  return {
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}
