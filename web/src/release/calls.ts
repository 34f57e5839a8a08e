// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What the API does with releases, and tells of printers before one. */
import { useQuery, useQueryClient } from "@tanstack/react-query";

import { api, done, type Schemas } from "../api/client";
import { usePaged } from "../parts/usePaged";

export type Release = Schemas["Release"];
export type Refused = Schemas["Refused"][number];
export type Ticket = Schemas["Ticket"];

export interface Order {
    printer: string;
    jobs: string[];
    owner?: string;
    again?: boolean;
    ticket?: Ticket;
    unsupported?: "refuse" | "adapt";
    accounting?: Schemas["Accounting"];
    job_password?: string;
    panel_code?: string;
}

/* The key is the press of the button: whatever the line does, it is printed once. */
export function release(order: Order, key: string): Promise<Release> {
    return done(api.POST("/v1/releases", { params: { header: { "Idempotency-Key": key } }, body: order }));
}

const OPEN = ["requested", "offered", "armed"];

export function isOpen(release: Release): boolean {
    return release.deliveries.some((delivery) => OPEN.includes(delivery.state));
}

/* Events tell of it; asked again now and then, should one get lost. */
const AGAIN_MS = 30_000;

export function useRelease(id: string) {
    const client = useQueryClient();

    return useQuery({
        queryKey: ["releases", id],
        queryFn: async () => {
            const found = await done(api.GET("/v1/releases/{release}", { params: { path: { release: id } } }));
            if (!isOpen(found)) void client.invalidateQueries({ queryKey: ["jobs"] });
            return found;
        },
        refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? AGAIN_MS : false),
    });
}

export function usePrinterState(printer: string) {
    return useQuery({
        queryKey: ["printers", printer, "state"],
        queryFn: () => done(api.GET("/v1/printers/{printer}/state", { params: { path: { printer } } })),
        staleTime: 10_000,
    });
}

/* Longer lists of jobs are no choice of somebody's, but all. */
const JOBS_MAX = 50;

interface Wanted {
    search: string;
    near: string | null; // "52.520,13.405"
    jobs: readonly string[]; // of which one should come out there; none: whatever waits
}

/* Where I may print that. */
export function usePrinters({ search, near, jobs }: Wanted) {
    const query = {
        usable: true,
        ...(search ? { search } : {}),
        ...(near ? { near } : {}),
        ...(jobs.length && jobs.length <= JOBS_MAX ? { jobs: jobs.join(",") } : {}),
    };

    return usePaged(["printers", "usable", query], (after, limit) =>
        done(api.GET("/v1/printers", { params: { query: { ...query, limit, ...(after ? { after } : {}) } } })),
    );
}

/* What a job would become there, with what is chosen for it. */
export function useSettled(job: string, printer: string, ticket: Ticket, isOn: boolean) {
    return useQuery({
        queryKey: ["jobs", job, "ticket", printer, ticket],
        queryFn: () =>
            done(
                api.GET("/v1/jobs/{job}/ticket", {
                    params: { path: { job }, query: { printer, ...ticket } as { printer: string } },
                }),
            ),
        enabled: isOn,
        retry: false,
    });
}
