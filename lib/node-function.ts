import { fileURLToPath } from 'node:url'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs'
import * as logs from 'aws-cdk-lib/aws-logs'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { Alarm, type Impact } from './alarm.ts'
import { installationName } from './installation-name.ts'
import { isInMainlandChina, regionOf } from './region.ts'

export const projectRoot = fileURLToPath(new URL('..', import.meta.url))

export interface NodeFunctionProps {
  /** Folder below `lambdas/` whose `index.ts` is the entry. */
  readonly folder: string
  readonly description: string
  readonly timeout: Duration
  /** MB; the share of a CPU goes with it. */
  readonly memorySize: number
  readonly environment: Record<string, string>
  /** Shell commands that put more into the bundle, given its folder. */
  readonly afterBundling?: (bundle: string) => string[]
  /** Of Lambda's own lines about each invocation. Default: all of them. */
  readonly systemLogLevel?: lambda.SystemLogLevel
  readonly alertTopic: sns.ITopic
  /** No function without its alarms: what it means when invocations fail, and when they are held back. */
  readonly errors: InvocationAlarm
  readonly throttles: InvocationAlarm
}

export interface InvocationAlarm {
  /** Invocations within five minutes. */
  readonly threshold: number
  readonly impact: Impact
}

/**
 * A bundled Node 24 function with its own log group (with a retention) and its own role.
 *
 * The role starts with nothing but writing to that log group; what the function may call is granted
 * statement by statement where the function is wired, so that the template reads as the list of calls.
 */
export class NodeFunction extends NodejsFunction {
  private readonly folder: string
  private readonly metricsNamespace: string

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const { afterBundling } = props
    const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new iam.Role(scope, `${id}Role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.folder} may call`,
    })
    logGroup.grantWrite(role)
    super(scope, id, {
      entry: `${projectRoot}lambdas/${props.folder}/index.ts`,
      projectRoot,
      depsLockFilePath: `${projectRoot}package-lock.json`,
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      // The cheaper one. AWS has it in most regions, and does not say so of those in mainland China; the code suits both.
      architecture: isInMainlandChina(regionOf(scope)) ? lambda.Architecture.X86_64 : lambda.Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memorySize,
      environment: { ...props.environment, METRICS_NAMESPACE: installationName(scope) },
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      systemLogLevelV2: props.systemLogLevel ?? lambda.SystemLogLevel.INFO,
      bundling: {
        // Not ESM: importing node:http as an ES module reads all its exports, and one of those loads Node's whole fetch,
        // 60 ms of every cold start.
        format: OutputFormat.CJS,
        target: 'node24',
        // `module` first: the ES module builds are the ones a bundler can shake.
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.EXTERNAL,
        sourcesContent: false,
        // The SDK is bundled, so what was tested is what runs.
        externalModules: [],
        ...(afterBundling && {
          commandHooks: {
            beforeBundling: () => [],
            beforeInstall: () => [],
            afterBundling: (_project, bundle) => afterBundling(bundle),
          },
        }),
      },
    })
    this.folder = props.folder
    this.metricsNamespace = installationName(scope)
    acknowledge(this, {
      'Serverless-LambdaDLQ':
        'A dead-letter queue is for asynchronous events that nobody repeats: callbacks and queries have a caller who gets the answer, the queue has dead messages of its own, and a sweep is repeated by the next.',
      'Serverless-LambdaTracing':
        'A trace of each event would cost more than everything else about it (5 USD a million); the trace_id in the logs follows it from the request to the state.',
    })
    const period = Duration.minutes(5)
    const alarms = {
      Errors: { metric: this.metricErrors({ period }), ...props.errors },
      Throttles: { metric: this.metricThrottles({ period }), ...props.throttles },
    }
    for (const [kind, alarm] of Object.entries(alarms))
      new Alarm(scope, `${id}${kind}`, { topic: props.alertTopic, ...alarm })
  }

  /** One of the figures that the function counts in its own log (EMF). */
  ownMetric(
    metricName: string,
    props: cloudwatch.MetricOptions & { readonly outcome?: string } = {},
  ): cloudwatch.Metric {
    const { outcome, ...options } = props
    return new cloudwatch.Metric({
      namespace: this.metricsNamespace,
      metricName,
      dimensionsMap: { service: this.folder, ...(outcome === undefined ? {} : { outcome }) },
      statistic: 'Sum',
      ...options,
    })
  }

  /** Grants exactly these actions on exactly these resources. */
  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.addToRolePolicy(new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }))
  }
}
