// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Why a job does not come out at a printer, as far as the two say it themselves. */
import type { Job } from "../jobs/standing";
import type { Printer } from "../parts/printer";

export type Obstacle = "only-elsewhere" | "stays-elsewhere" | "needs-password" | null;

export function obstacle(job: Pick<Job, "printer" | "stays_at" | "reason">, printer: Pick<Printer, "id" | "agent">): Obstacle {
    if (job.printer && job.printer !== printer.id) return "only-elsewhere";
    if (job.stays_at && job.stays_at !== printer.agent) return "stays-elsewhere";
    return job.reason?.startsWith("document-password") ? "needs-password" : null;
}
