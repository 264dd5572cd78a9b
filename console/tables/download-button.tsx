import { useState } from 'preact/hooks'
import { api, type QueryParameters } from '../api.ts'
import { translate } from '../words.ts'

type DownloadButtonProps = {
  /** Below `/api`. */
  readonly path: string
  readonly query: QueryParameters
  readonly fileName: string
}

/** Saves a list as a CSV file. */
export function DownloadButton({ path, query, fileName }: DownloadButtonProps) {
  const [problem, setProblem] = useState('')
  const download = async () => {
    setProblem('')
    try {
      saveFile(await api.readCsv(path, query), fileName.replace(/[^\p{L}\p{N}._-]/gu, '_'))
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <button type="button" id="csv" onClick={() => void download()}>
        {translate('downloadCsv')}
      </button>
      <span role="alert" class="error">
        {problem !== '' && translate('downloadFailed', { reason: problem })}
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
