// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What the API does with jobs. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, done, type Schemas } from "../api/client";
import { useComplain } from "../parts/complaint";
import { usePaged } from "../parts/usePaged";

export type Ticket = Schemas["Ticket"];

export function useJobs(states: string, person?: string) {
    return usePaged(["jobs", states, person ?? "me"], (after, limit) =>
        done(api.GET("/v1/jobs", { params: { query: { state: states, limit, ...(person ? { person } : {}), ...(after ? { after } : {}) } } })),
    );
}

export function useJob(job: string) {
    return useQuery({
        queryKey: ["jobs", job],
        queryFn: () => done(api.GET("/v1/jobs/{job}", { params: { path: { job } } })),
    });
}

function useDeed<V>(call: (value: V) => Promise<unknown>) {
    const client = useQueryClient();
    const complain = useComplain();

    return useMutation({
        mutationFn: call,
        onError: complain,
        onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
    });
}

export function useDeleteJobs() {
    return useDeed(async (jobs: readonly string[]) => {
        for (const job of jobs) await done(api.DELETE("/v1/jobs/{job}", { params: { path: { job } } }));
    });
}

export function useChangeJob(job: string) {
    return useDeed((body: { ticket?: Ticket; keep?: boolean }) => done(api.PATCH("/v1/jobs/{job}", { params: { path: { job } }, body })));
}

export function useSettleJob() {
    return useDeed((job: string) => done(api.PUT("/v1/jobs/{job}/settled", { params: { path: { job } } })));
}

export function useGivePassword(job: string) {
    return useDeed((password: string) =>
        done(api.PUT("/v1/jobs/{job}/document-password", { params: { path: { job } }, body: { password } })),
    );
}

/* Whose delegate I am. */
export function useOwners() {
    return useQuery({
        queryKey: ["delegates", "owners"],
        queryFn: () => done(api.GET("/v1/people/{person}/owners", { params: { path: { person: "me" } } })),
        staleTime: 300_000,
    });
}
