/** An attribute value in the wire format: `{"S": "text"}`, `{"N": "1"}`, `{"M": {…}}`. */
export type AttributeValue = Readonly<Record<string, unknown>>
export type DynamoDbItem = Readonly<Record<string, AttributeValue>>

/** Bytes of an item, names and values (DynamoDB developer guide, "DynamoDB item sizes and formats"). */
export function itemBytes(item: DynamoDbItem): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0)
}

function valueBytes(value: AttributeValue): number {
  const [[type, content] = []] = Object.entries(value)
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content))
    case 'B':
      return Buffer.byteLength(String(content), 'base64')
    case 'N':
      return numberBytes(String(content))
    case 'M':
      return 3 + Object.values(content as DynamoDbItem).length + itemBytes(content as DynamoDbItem)
    case 'L': {
      const values = content as AttributeValue[]
      return 3 + values.length + values.reduce((sum, element) => sum + valueBytes(element), 0)
    }
    case 'SS':
    case 'NS':
    case 'BS':
      return (content as string[]).reduce((sum, element) => sum + valueBytes({ [type.charAt(0)]: element }), 0)
    case 'NULL':
    case 'BOOL':
      return 1
    default:
      throw new Error(`the size of an attribute value of type ${type} is not supported`)
  }
}

/** One byte for two significant digits and one more, plus one if the number is negative. */
function numberBytes(text: string): number {
  const significant = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '')
  return Math.ceil(significant.length / 2) + (text.startsWith('-') ? 2 : 1)
}
