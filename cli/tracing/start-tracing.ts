import type { Logger } from 'pino';

import type { Clock } from '../../core/clock.ts';
import { FaultLog } from '../fault-log.ts';
import { VERSION } from '../package-root.ts';
import { OtlpExporter } from './otlp-exporter.ts';
import { traceChannels } from './trace-channels.ts';
import type { TraceSettings } from './trace-settings.ts';
import { Tracer } from './tracer.ts';

export interface RunningTraces {
  tracer: Tracer;
  close(): Promise<void>;
}

/** Starts tracing where a collector is configured; before keys are opened, so that their signatures are traced too. */
export function startTracing(
  { traceEndpoint, traceShare, nodeName = 'house' }: TraceSettings & { nodeName?: string },
  { clock, logger }: { clock: Clock; logger: Logger },
): RunningTraces | undefined {
  if (traceEndpoint === undefined) return undefined;
  const faults = new FaultLog(logger, clock, 'traces cannot be sent');
  const exporter = new OtlpExporter({
    endpoint: traceEndpoint,
    resource: { 'service.name': 'mohr', 'service.version': VERSION, 'service.instance.id': nodeName },
    onFault: (error) => faults.tell(error),
  });
  const tracer = new Tracer({ clock, share: traceShare, onEnd: (span) => exporter.add(span) });
  const stop = traceChannels(tracer);
  const close = async () => {
    stop();
    await exporter.close();
  };
  return { tracer, close };
}
