import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript-5'

/** A text in the code. `${…}` and `{name}` are its placeholders. */
export type SourceText = {
  /** `file:line`. */
  readonly place: string
  /** With `{}` for each placeholder. */
  readonly text: string
  readonly placeholders: readonly string[]
}

export type TextPair = { readonly chinese: SourceText; readonly english: SourceText }

/** The texts in a source file, and those that say the same in Chinese and in English. Comments are not texts. */
export function readSourceTexts(root: string, path: string): { texts: SourceText[]; pairs: TextPair[] } {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true, kind)
  const texts: SourceText[] = []
  const pairs: TextPair[] = []
  const visit = (node: ts.Node): void => {
    const text = readText(node, path)
    if (text !== undefined) texts.push(text)
    const pair = findPair(node, path)
    if (pair !== undefined) pairs.push(pair)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { texts, pairs }
}

function readText(node: ts.Node, path: string): SourceText | undefined {
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart())
  const place = `${path}:${line + 1}`
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    const placeholders = [...node.text.matchAll(/\{\w+\}/g)].map(([name]) => name)
    return { place, text: node.text.replace(/\{\w+\}/g, '{}'), placeholders }
  }
  if (!ts.isTemplateExpression(node)) return undefined
  const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('{}')
  return { place, text, placeholders: node.templateSpans.map(({ expression }) => expression.getText()) }
}

/** `[Chinese, English]`, `{ chinese, english }` and `{ zh, en }`. */
function findPair(node: ts.Node, path: string): TextPair | undefined {
  const [chinese, english] = findLanguages(node).map((each) => each && readText(each, path))
  return chinese !== undefined && english !== undefined ? { chinese, english } : undefined
}

function findLanguages(node: ts.Node): readonly (ts.Node | undefined)[] {
  if (ts.isArrayLiteralExpression(node) && node.elements.length === 2 && hasChinese(node.elements[0]))
    return node.elements
  if (!ts.isObjectLiteralExpression(node)) return []
  const values = new Map(
    node.properties.filter(ts.isPropertyAssignment).map(({ name, initializer }) => [name.getText(), initializer]),
  )
  return [values.get('chinese') ?? values.get('zh'), values.get('english') ?? values.get('en')]
}

const hasChinese = (node: ts.Node | undefined) => /\p{Script=Han}/u.test(node?.getText() ?? '')
