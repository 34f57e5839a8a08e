// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The API as api/openapi.yaml describes it: paths, parameters and answers are typed from it.
 *
 *      const page = await done(api.GET("/v1/jobs", { params: { query: { state: "held" } } }));
 *
 * done() gives what came, or throws a Problem.
 */
import createClient from "openapi-fetch";

import type { components, paths } from "../../.made/api";
import { call } from "./fetch";
import { Problem, type ProblemBody } from "./problem";

export const api = createClient<paths>({ baseUrl: location.origin, fetch: call });

export type Schemas = components["schemas"];

interface Came<T> {
    data?: T;
    error?: unknown;
    response: Response;
}

export async function done<T>(coming: Promise<Came<T>>): Promise<T> {
    const { data, error, response } = await coming;

    if (response.ok) return data as T;
    throw new Problem(response.status, typeof error === "object" && error ? (error as ProblemBody) : {});
}
