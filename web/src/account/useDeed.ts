// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { useComplain } from "../parts/complaint";

/* A call that changes something; what was read of these resources is read anew, and what goes wrong is said. */
export function useDeed<V, R>(resources: readonly string[], call: (value: V) => Promise<R>) {
    const client = useQueryClient();
    const complain = useComplain();

    return useMutation({
        mutationFn: call,
        onError: complain,
        onSettled: () => Promise.all(resources.map((resource) => client.invalidateQueries({ queryKey: [resource] }))),
    });
}
