#!/usr/bin/env node
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { readContext } from '../lib/context.ts'
import { NorthboundStack } from '../lib/northbound-stack.ts'

const app = new App()
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
try {
  const settings = readContext((key) => app.node.tryGetContext(key), process.env.CDK_DEFAULT_REGION)
  new NorthboundStack(app, settings.name, { settings })
} catch (error) {
  console.error(`northbound: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
