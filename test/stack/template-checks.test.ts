import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyProject, type ProjectCopy } from '../support/project-copy.ts'

describe('the template checks of the synthesis', () => {
  let project: ProjectCopy
  beforeEach(async () => {
    project = await copyProject()
  })
  afterEach(() => project.remove())

  it('report no unacknowledged finding', async () => {
    const { code, output } = await project.synthesize()
    expect(output).not.toMatch(/ERROR|WARNING/)
    expect(code).toBe(0)
  })

  it('report a finding whose acknowledgement was removed', async () => {
    await project.replace('lib/query-api.ts', "'AwsSolutions-SMG4'", "'AwsSolutions-other'")
    const { code, output } = await project.synthesize()
    expect(output).toMatch(
      /ERROR The secret does not have automatic rotation[\s\S]*Northbound\/Default\/Query\/ApiToken/,
    )
    expect(code).toBe(1)
  })

  it('report a grant with a wildcard action', async () => {
    await project.replace('lib/callback-receiver.ts', "allow(['sqs:SendMessage']", "allow(['sqs:*']")
    const { code, output } = await project.synthesize()
    expect(output).toMatch(/ERROR The IAM entity contains wildcard permissions[\s\S]*Action::sqs:\*/)
    expect(code).toBe(1)
  })

  it("report a violation of the CDK's own rules", async () => {
    await project.replace('lib/query-api.ts', 'timeout: Duration.seconds(15)', 'timeout: Duration.seconds(901)')
    const { code, output } = await project.synthesize()
    expect(output).toMatch(/ERROR[\s\S]*Timeout/)
    expect(code).toBe(1)
  })
})
