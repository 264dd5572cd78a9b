import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { splitShellCommands } from './shell-commands.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** A fenced block with its language, such as `sh`; empty if it has none. */
export type CodeBlock = { readonly language: string; readonly text: string }
export type Link = { readonly file: string; readonly anchor: string | undefined }

/** The pages that exist in English and Chinese, without extension. */
export function listTranslatedPages(): string[] {
  return ['', 'docs/'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.zh-CN.md'))
      .map((name) => `${folder}${name.slice(0, -'.zh-CN.md'.length)}`),
  )
}

const fence = /^ *```(\w*)\n([\s\S]*?)^ *```$/gm

export function codeBlocksOf(page: string): CodeBlock[] {
  return [...read(page).matchAll(fence)].map(([, language = '', text = '']) => ({ language, text }))
}

/** The text of a page without fenced blocks and comments. */
export function proseOf(page: string): string {
  return read(page)
    .replace(fence, '')
    .replace(/<!--.*?-->/g, '')
}

/** Headings as Markdown, such as `## Settings`. */
export function headingsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#{1,6} .*$/gm)].map(([heading]) => heading)
}

/** The anchor that GitHub gives a heading. */
export function anchorOf(heading: string): string {
  const text = heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
  return text.replaceAll(' ', '-')
}

/** Links to files and headings of the repository. `file` is relative to the root. */
export function linksOf(page: string): Link[] {
  const pattern = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g
  return [...proseOf(page).matchAll(pattern)].map(([, path = '', anchor]) => ({
    file: path === '' ? page : join(dirname(page), path),
    anchor,
  }))
}

/** The Chinese page or picture of an English one, and the reverse; undefined if it does not exist. */
export function counterpartOf(file: string): string | undefined {
  const other = file.includes('.zh-CN.') ? file.replace('.zh-CN.', '.') : file.replace(/\.(md|png)$/, '.zh-CN.$1')
  return other !== file && existsSync(join(root, other)) ? other : undefined
}

export type DocumentedCommand = {
  readonly page: string
  readonly words: readonly string[]
  /** Whether it is part of a sentence, which may leave out options that the reader has to add. */
  readonly isExcerpt: boolean
}

/** The commands in the shell blocks of a page, after `$` in outputs, and in code within sentences. */
export function commandsOf(page: string): DocumentedCommand[] {
  const shell = codeBlocksOf(page).flatMap(({ language, text }) => {
    if (language === 'sh' || (language === '' && /^\s*aws /.test(text))) return [text]
    return [...text.matchAll(/^ *\$ (.*)$/gm)].map(([, line = '']) => line)
  })
  const excerpts = [...proseOf(page).matchAll(/`((?:npx|npm|northbound|aws) [^`…]+)`/g)].map(([, line = '']) => line)
  const split = (lines: readonly string[], isExcerpt: boolean) =>
    lines.flatMap(splitShellCommands).map((words) => ({ page, words, isExcerpt }))
  return [...split(shell, false), ...split(excerpts, true)]
}
