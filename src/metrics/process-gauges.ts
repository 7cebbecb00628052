// The process as Prometheus reads it. Not prom-client's own set: it wakes a hundred times a second to measure a lag.

import { Counter, Gauge, type Registry } from "prom-client";

/** Memory, CPU and start, read when asked. */
export function processGauges(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    ...{ name: "loyalty_process_resident_memory_bytes", help: "Resident memory", registers },
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    ...{ name: "loyalty_process_cpu_seconds_total", help: "CPU time spent, user and system", registers },
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    ...{
      name: "loyalty_process_start_time_seconds",
      help: "When the process began, in Unix time",
      registers,
    },
  }).set(Date.now() / 1000 - process.uptime());
}
