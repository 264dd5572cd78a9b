import { useState } from 'preact/hooks'
import { api, type QueryParameters } from '../api.ts'
import { explainFailure } from '../elements/explain-failure.ts'
import { Translated } from '../elements/translated.tsx'
import { translate } from '../words.ts'

type DownloadButtonProps = {
  /** Below `/api`. */
  readonly path: string
  readonly query: QueryParameters
  /** Without the extension. */
  readonly fileName: string
  readonly format?: 'csv' | 'xlsx'
}

/** Saves a list as a file. */
export function DownloadButton({ path, query, fileName, format = 'csv' }: DownloadButtonProps) {
  const [problem, setProblem] = useState<{ readonly error: unknown }>()
  const download = async () => {
    setProblem(undefined)
    try {
      const file = await (format === 'csv' ? api.readCsv(path, query) : api.readWorkbook(path, query))
      saveFile(file, `${fileName.replace(/[^\p{L}\p{N}._-]/gu, '_')}.${format}`)
    } catch (error) {
      setProblem({ error })
    }
  }
  return (
    <>
      <button type="button" id={format} onClick={() => void download()}>
        {translate(format === 'csv' ? 'downloadCsv' : 'downloadXlsx')}
      </button>
      <span role="alert" class="error">
        {problem !== undefined && (
          <Translated text="downloadFailed" values={{ reason: explainFailure(problem.error) }} />
        )}
      </span>
    </>
  )
}

function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
